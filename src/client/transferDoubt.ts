import type { DataConnection } from './dataConnection.ts';
import { FtpsError } from './errors.ts';
import type { Session } from './session.ts';

/** By which a server may mean a data connection that was opened, or spoken on, too early. */
const connectionRefusals: ReadonlySet<number> = new Set([425, 426]);

/** One go at a transfer: what was done ahead of the server's word, and how far it came. */
export interface Attempt {
  /** Whether everything waits for the word of the server. */
  readonly isBare: boolean;
  /** Whether a port was asked for before the transfer was wanted. */
  isAskedAhead: boolean;
  connection: DataConnection | undefined;
  helloIsEarly: boolean;
  /** Those that have moved, as this end sees it. */
  bytes: number;
  /** Whether bytes have moved, or may have been read that can be read only once. */
  isTouched: boolean;
}

export function newAttempt(isBare: boolean): Attempt {
  return {
    isBare,
    isAskedAhead: false,
    connection: undefined,
    helloIsEarly: false,
    bytes: 0,
    isTouched: false,
  };
}

/**
 * What may help a transfer that failed: `here` is another go on this session, step by step; an error tells to take it
 * on another session; undefined says that nothing was done ahead that could be blamed, or that it is too late.
 */
export function remedyFor(
  session: Session,
  attempt: Attempt,
  error: unknown,
): 'here' | FtpsError | undefined {
  const { control, traits } = session;
  if (attempt.isBare || attempt.isTouched || !(error instanceof FtpsError)) return undefined;
  if (error.kind === 'refused') {
    const mayBeBlamed = isAhead(attempt) && !attempt.connection?.isUnresumed && control.isOpen;
    return mayBeBlamed && connectionRefusals.has(error.reply?.code ?? 0) ? 'here' : undefined;
  }
  if (!control.isOpen && isLoss(error) && !traits.aheadProven) {
    return elsewhere(error, isAhead(attempt) || attempt.isAskedAhead ? 'stepByStep' : 'anew');
  }
  const isBroken = ['tls', 'dataConnection', 'timeout'].includes(error.kind);
  // What never came about was not spoken on too early; and whoever has borne it before is slow for another reason.
  if (error.step === 'dataConnect' || (error.kind === 'timeout' && traits.aheadProven)) return undefined;
  if (!isBroken || !isAhead(attempt) || attempt.connection?.isSecured) return undefined;
  // Of the two, the ClientHello is what a server takes amiss like this; a rested connection is merely dead.
  if (attempt.helloIsEarly) traits.clientHelloEarly = false;
  else traits.preparedBearable = false;
  // The server may still wait for another data connection, and give it what was asked for on this one.
  control.destroy(error);
  return elsewhere(error);
}

/** Remembers what the server did not bear, once it is shown that it bears the same step by step. */
export function blame({ traits, log }: Session, attempt: Attempt): void {
  if (attempt.connection?.isPrepared) traits.preparedBearable = false;
  if (attempt.helloIsEarly && !attempt.connection?.isSecured) traits.clientHelloEarly = false;
  log.debug('the server is spoken to more slowly from now on');
}

/** Whether it may be the server's way of not bearing something: 421 is an answer, whatever was done ahead. */
export function isLoss({ kind, reply }: FtpsError): boolean {
  return kind === 'protocol' || (kind === 'closed' && reply === undefined);
}

export function isAhead({ connection, helloIsEarly }: Attempt): boolean {
  return helloIsEarly || connection?.isPrepared === true;
}

/** The same failure, which another session may well be spared. */
export function elsewhere(error: FtpsError, retryWith: 'anew' | 'stepByStep' = 'anew'): FtpsError {
  const { kind, step, message, reply, limit } = error;
  return new FtpsError(kind, step, message, { reply, limit, cause: error, retryWith });
}
