import type { Reply } from '../protocol/reply.ts';
import { FtpsError, quoted, sessionRefusal } from './errors.ts';
import type { Session } from './session.ts';

/**
 * Hears the greeting. @param silentAfter whether TLS follows it
 * @throws FtpsError `tooManySessions`, or `refused`, when it is no 220
 */
export async function greet(session: Session, silentAfter?: (reply: Reply) => boolean): Promise<void> {
  const greeting = await session.control.greeting(silentAfter && { silentAfter });
  if (greeting.code !== 220) throw greetingRefusal(greeting);
}

function greetingRefusal(reply: Reply): FtpsError {
  if (reply.code === 421) return sessionRefusal('greeting', reply);
  const message = `The server greeted with a refusal: ${quoted(reply)}.`;
  return new FtpsError('refused', 'greeting', message, { reply });
}
