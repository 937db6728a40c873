import type { Reply } from '../protocol/reply.ts';
import { FtpsError, quoted } from './errors.ts';
import type { Session } from './session.ts';

/**
 * C-53: of the commands of the set-up only FEAT is answered by 211, and by no other success. A reply that belongs to
 * another command shows that the server answers out of turn; of one that gets its commands one by one, it shows nothing.
 * @throws FtpsError `protocol`
 */
export function replyInTurn({ options, traits }: Session, verb: string, reply: Reply): Reply {
  if (options.pipelining === 'never' || !traits.bearsFlights) return reply;
  const isInTurn = verb === 'FEAT' ? reply.code === 211 || reply.code >= 400 : reply.code !== 211;
  if (isInTurn) return reply;
  const message = `The server answers out of turn: ${quoted(reply)} came where the reply to ${verb} was due. Connect again.`;
  throw new FtpsError('protocol', 'features', message);
}
