import { FtpsError } from '../../../src/client/errors.ts';
import { type Reply, replyClass, replyText } from '../../../src/protocol/reply.ts';

/** The server said no, in so many words. */
class Refused extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(replyText(reply));
    this.reply = reply;
  }
}

/** The refusal that a reply is; or the failure of a client that takes something else for one. */
export function refusedBy(reply: Reply): Error {
  const isRefusal = replyClass(reply.code) === 'permanent' || replyClass(reply.code) === 'transient';
  return isRefusal ? new Refused(reply) : new Error(`The client does not use what gets ${replyText(reply)}`);
}

/** What an attempt came to, as a cell of the table says it. */
export async function outcomeOf(attempt: Promise<string>): Promise<string> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof Refused) return refused(error.reply);
    if (error instanceof FtpsError && error.kind === 'refused' && error.reply) return refused(error.reply);
    // C-4: CCC on an implicit connection.
    if (error instanceof FtpsError && error.kind === 'unsupported') return 'refused by the client';
    return `fails: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function refused(reply: Reply): string {
  return `refused by the server: ${replyText(reply)}`;
}
