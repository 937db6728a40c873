import type { Reply } from '../protocol/reply.ts';
import { FtpsError, quoted, refusal } from './errors.ts';
import type { Session } from './session.ts';

/**
 * What a command of the set-up is answered. C-53: of them only FEAT is answered by 211, and by no other success; a reply
 * that belongs to another one shows a server that answers out of turn, unless it gets its commands one by one anyway.
 * @throws FtpsError `protocol`; `closed` where the server ends the session
 */
export function replyInTurn({ options, traits }: Session, verb: string, reply: Reply): Reply {
  // C-16: of PROT it is a refusal like any other.
  if (reply.code === 421 && verb !== 'PROT') throw refusal('features', verb, reply);
  if (options.pipelining === 'never' || !traits.bearsFlights) return reply;
  const isInTurn = verb === 'FEAT' ? reply.code === 211 || reply.code >= 400 : reply.code !== 211;
  if (isInTurn) return reply;
  const message = `The server answers out of turn: ${quoted(reply)} came where the reply to ${verb} was due. Connect again.`;
  throw new FtpsError('protocol', 'features', message);
}
