import { ProtocolError } from '../protocol/errors.ts';
import type { Reply } from '../protocol/reply.ts';
import { replyText } from '../protocol/reply.ts';
import type { CertificateReport } from './certificate.ts';
import type { TimeoutName } from './connectOptions.ts';

/** What kind of thing went wrong; callers branch on it, people read the message. */
export type FailureKind =
  | 'unknownHost'
  | 'connectionRefused'
  | 'unreachable'
  | 'timeout'
  | 'closed'
  | 'protocol'
  | 'securityRefused'
  | 'tls'
  | 'certificate'
  | 'loginRefused'
  | 'tooManySessions'
  | 'refused'
  | 'dataConnection'
  | 'truncated'
  | 'aborted'
  | 'unsupported'
  | 'invalidArgument';

/** The step of the dialogue at which it went wrong. */
export type Step =
  | 'resolve'
  | 'connect'
  | 'greeting'
  | 'auth'
  | 'tls'
  | 'certificate'
  | 'login'
  | 'protection'
  | 'features'
  | 'command'
  | 'dataConnect'
  | 'dataTls'
  | 'transfer'
  | 'close';

export interface FtpsErrorDetails {
  readonly reply?: Reply | undefined;
  readonly certificate?: CertificateReport | undefined;
  readonly limit?: TimeoutName | undefined;
  readonly cause?: unknown;
  readonly retryWith?: 'TLSv1.2' | 'anew' | 'stepByStep' | undefined;
}

/** The one error of the client. Its message is a sentence that names the step, the server's answer and the way out. */
export class FtpsError extends Error {
  override readonly name = 'FtpsError';
  readonly kind: FailureKind;
  readonly step: Step;
  /** The server's answer, where an answer was the failure. */
  readonly reply: Reply | undefined;
  /** Present exactly when `kind` is `certificate`. */
  readonly certificate: CertificateReport | undefined;
  /** Which time limit fired; present exactly when `kind` is `timeout`. */
  readonly limit: TimeoutName | undefined;
  /**
   * Set when a new session may well succeed: one of TLS 1.2, for data connections did not resume this one (C-25); or
   * one that knows by its traits what the server does not bear; or one that is spoken to step by step, to see whether
   * it was that.
   */
  readonly retryWith: 'TLSv1.2' | 'anew' | 'stepByStep' | undefined;

  constructor(kind: FailureKind, step: Step, message: string, details: FtpsErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.step = step;
    this.reply = details.reply;
    this.certificate = details.certificate;
    this.limit = details.limit;
    this.retryWith = details.retryWith;
  }
}

/** The text of a reply, or of its first line; codes and line ends are gone. */
export function firstLine(reply: Reply): string {
  return reply.lines[0] ?? '';
}

/** A reply as part of a sentence: one line, without the full stop that many servers put. */
export function quoted(reply: Reply): string {
  return replyText(reply).replace(/[.\s]+$/, '');
}

/** The server answered a command with a 4xx or 5xx reply. */
export function refusal(step: Step, what: string, reply: Reply): FtpsError {
  const gone = reply.code === 421;
  const advice = gone ? ' It ends the session.' : '';
  return new FtpsError(
    gone ? 'closed' : 'refused',
    step,
    `The server refused ${what}: ${quoted(reply)}.${advice}`,
    { reply },
  );
}

/** The reply, unless that is 421: whatever was asked, it is no answer to it. RFC 959 §5.4 @throws FtpsError `closed` */
export function unlessEnded(reply: Reply, what: string): Reply {
  if (reply.code === 421) throw refusal('command', what, reply);
  return reply;
}

/** 421 before anything was asked for: most often there are too many, sometimes it is about the client's certificate. */
export function sessionRefusal(step: Step, reply: Reply): FtpsError {
  const message = `The server does not take this session: ${quoted(reply)}. It may have too many: close other connections to it, or try again later.`;
  return new FtpsError('tooManySessions', step, message, { reply });
}

export function aborted(step: Step, signal?: AbortSignal): FtpsError {
  return new FtpsError('aborted', step, 'Cancelled.', { cause: signal?.reason });
}

/** Why a connection broke, in words for people: OpenSSL's messages carry addresses and file names. */
export function lineReason(error: Error & { readonly reason?: unknown; readonly code?: unknown }): string {
  const { reason, code, message, name } = error;
  if (typeof reason === 'string' && reason !== '') return reason;
  return message || (typeof code === 'string' ? code : name);
}

/** The same of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? lineReason(error) : String(error);
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Leaves an error of the client as it is, and says of any other whether the peer broke the rules or the line broke. */
export function asFtpsError(error: unknown, step: Step, what: string): FtpsError {
  if (error instanceof FtpsError) return error;
  const reason = reasonOf(error);
  if (error instanceof ProtocolError) {
    const message = `The server broke the protocol while ${what}: ${reason}.`;
    return new FtpsError('protocol', step, message, { cause: error });
  }
  return new FtpsError('closed', step, `The connection failed while ${what}: ${reason}`, { cause: error });
}
