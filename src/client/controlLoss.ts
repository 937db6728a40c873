import type { Reply } from '../protocol/reply.ts';
import { FtpsError, quoted, type Step } from './errors.ts';

export function closedError(): FtpsError {
  return new FtpsError('closed', 'close', 'The connection was closed.');
}

/** C-7, C-28: where TLS ends, nobody knows; what follows it cannot be read. */
export function keptTls(): FtpsError {
  return new FtpsError('closed', 'close', 'The server did not end TLS in good order. Connect again.');
}

/** C-53: a reply nobody asked for makes every later match doubtful. */
export function unsolicited(reply: Reply): FtpsError {
  const kind = reply.code === 421 ? 'closed' : 'protocol';
  const message =
    kind === 'closed'
      ? `The server ended the session: ${quoted(reply)}`
      : `The server sent a reply that belongs to no command: ${quoted(reply)}`;
  return new FtpsError(kind, 'command', message, { reply });
}

/** C-55: a server process that dies says why past its own TLS. What is said there is told, and never believed. */
export function lossInClear(stray: string, step: Step): FtpsError {
  return new FtpsError(
    'closed',
    step,
    `The server fell out of TLS and said in clear: "${stray}". The connection was closed. Try again; if it happens again, its log tells more.`,
  );
}

/** C-24: under TLS 1.3 a server judges the client's certificate when the client already takes TLS for settled. */
export function lossBeforeFirstReply(reason: string, cause: Error | undefined): FtpsError {
  // Errors of the system name the call that failed; those of TLS, an alert for example, do not.
  const isTlsFault = cause !== undefined && !('syscall' in cause);
  return new FtpsError(
    isTlsFault ? 'tls' : 'closed',
    'tls',
    `The control connection was lost right after the TLS handshake, before the server said anything: ${reason}. It may demand a client certificate that it knows: see "tls": { "clientCertificate" } in the profile.`,
    { cause },
  );
}
