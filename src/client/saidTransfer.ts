import { type Reply, replyClass } from '../protocol/reply.ts';
import type { TimeoutName } from './connectOptions.ts';
import type { Expectation } from './expectation.ts';
import { pipelines } from './pipelining.ts';
import { mayRefusePort, prepareBehind } from './preparedRoute.ts';
import type { Session } from './session.ts';
import type { Transfer } from './transfer.ts';

/** NOOP is answered so, and no transfer. */
const noopAnswer: ReadonlySet<number> = new Set([200]);

/** A transfer command that was said, with what left behind it. */
export interface SaidTransfer {
  readonly command: Expectation;
  /** What the server says of the transfer in the end. */
  readonly final: Promise<Reply>;
  /** Starts the time limit of what is due, now that no data is to move any more. */
  arm(limit?: TimeoutName): void;
}

/**
 * Says the transfer command. On a server that reads the next command only after a transfer, the next port is asked for
 * right behind it, so that both replies come together; on one that reads it at once, that would end the transfer. Which
 * kind it is, a harmless NOOP behind the first transfer tells.
 */
export function sayTransfer(
  session: Session,
  { verb, argument, lead }: Pick<Transfer, 'verb' | 'argument' | 'lead'>,
  isBare: boolean,
): SaidTransfer {
  const { control } = session;
  // In one TLS record: ProFTPD looks for the next one while data moves, and reads what came in the same only afterwards.
  return control.inOnePiece(() => {
    lead?.();
    const command = control.begin(verb, argument, { step: 'transfer' });
    const behind = isBare || !bearsMore(session) ? undefined : sayBehind(session, command);
    let isOver = false;
    return {
      command,
      final: behind ? lastWord(session, command, behind, () => isOver) : command.final,
      arm: (limit) => {
        isOver = true;
        (command.isSettled ? behind : command)?.arm(limit);
      },
    };
  });
}

/** What is in clear may come in pieces, and NOOP or STAT beside the data make a server read on. */
function bearsMore(session: Session): boolean {
  const { control, traits, options, protection } = session;
  return (
    pipelines(session) &&
    traits.bearsFlights &&
    control.isSecured &&
    protection === 'P' &&
    options.transferKeepAlive === undefined
  );
}

/** @returns the reply that is due behind the transfer's, and may be taken for it */
function sayBehind(session: Session, command: Expectation): Expectation | undefined {
  if (session.traits.sequential === undefined) learnOrder(session, command);
  return session.traits.sequential ? prepareBehind(session, command) : undefined;
}

function learnOrder({ control, traits }: Session, command: Expectation): void {
  // Should the session be lost over it, it is not tried again.
  traits.sequential = false;
  const noop = control.begin('NOOP', undefined, {
    step: 'transfer',
    limit: 'close',
    ownCodes: noopAnswer,
    behind: command,
  });
  const judge = ([done, answer]: readonly Reply[]): void => {
    const isDone = done !== undefined && replyClass(done.code) === 'completion';
    const isAnswered = answer !== undefined && noopAnswer.has(answer.code);
    // A transfer that was refused tells nothing.
    traits.sequential = isDone && isAnswered ? !noop.hasOvertaken : isAnswered ? undefined : false;
  };
  void Promise.all([command.final, noop.final]).then(judge, () => {});
}

/**
 * A server that reads on while data moves, although it did not before, refuses what is behind the transfer before the
 * transfer is over: then the replies are the wrong way round. None but the order of replies tells.
 */
async function lastWord(
  session: Session,
  command: Expectation,
  behind: Expectation,
  isOver: () => boolean,
): Promise<Reply> {
  const reply = await command.final;
  if (!mayRefusePort(reply) || behind.isSettled) return reply;
  // What is behind an ABOR may be answered to that.
  if (session.prepared?.asked !== behind) return reply;
  // C-54: while data may still move, that is watched; afterwards nothing else is.
  if (!isOver()) behind.suspend();
  const next = await behind.final.catch((error: unknown) => {
    if (isOver()) return reply;
    throw error;
  });
  if (next.code === 229 || next.code === 227 || replyClass(next.code) !== 'completion') return reply;
  session.traits.sequential = false;
  return next;
}
