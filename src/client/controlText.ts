import { formatCommand } from '../protocol/command.ts';
import type { DecodeText } from '../protocol/decodeText.ts';
import type { Reply } from '../protocol/reply.ts';
import { FtpsError } from './errors.ts';

/** How names, commands and replies become bytes and back. */
export type Encoding = 'utf8' | 'latin1';

/** One command as it goes on the wire. @throws FtpsError `invalidArgument` when it would not stay one line. C-47 */
export function encodeCommand(verb: string, argument: string | undefined, encoding: Encoding): Buffer {
  try {
    const line = formatCommand(verb, argument);
    // Latin-1 keeps the low byte of a character it does not have, and the low byte of "Ċ" is a line feed.
    if (encoding === 'latin1' && /[^\0-\xff]/.test(line)) throw new Error('a character is not in Latin-1');
    return Buffer.from(line, encoding);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FtpsError('invalidArgument', 'command', `${verb} was not sent: ${reason}.`, { cause });
  }
}

/** How lines are read; undefined stands for UTF-8 with Latin-1 for what is not UTF-8. */
export function decoderFor(encoding: Encoding): DecodeText | undefined {
  return encoding === 'latin1' ? (bytes) => Buffer.from(bytes).toString('latin1') : undefined;
}

/** Shorter ones would garble every reply, and tell nothing where they stand in one. */
const shortestSecret = 4;

/** The reply without a secret that the server echoes, so that neither log nor message repeats it. C-56 */
export function withoutSecret(reply: Reply, secret: string | undefined): Reply {
  if (secret === undefined || secret.length < shortestSecret) return reply;
  return { code: reply.code, lines: reply.lines.map((line) => line.replaceAll(secret, '********')) };
}
