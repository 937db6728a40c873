import { type Reply, replyClass } from '../protocol/reply.ts';
import { quoted } from './errors.ts';
import type { CommandOptions } from './expectation.ts';
import type { Session } from './session.ts';

/**
 * Sends a command, and once more where it is refused for the moment only: RFC 959 §4.2.1 calls 4yz transient. 421 ends
 * the session.
 * @returns the last reply. @throws FtpsError
 */
export async function insist(
  { control, log }: Session,
  verb: string,
  argument?: string,
  options?: CommandOptions,
): Promise<Reply> {
  const reply = await control.send(verb, argument, options);
  if (replyClass(reply.code) !== 'transient' || reply.code === 421) return reply;
  log.debug(`saying ${verb} once more after ${quoted(reply)}`);
  return control.send(verb, argument, options);
}
