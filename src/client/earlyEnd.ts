import type { Duplex } from 'node:stream';
import { asError, FtpsError } from './errors.ts';
import { lineBreak } from './pump.ts';
import type { Session } from './session.ts';

/**
 * Bytes that a server has sent before any of them is confirmed: ten segments (RFC 6928), less what the handshake takes.
 * Some reset a connection that was ended early as soon as they have written all, and lose what is behind these.
 */
export const sentAtOnce = 8 * 1024;

/** Replies by which a server may mean that the data connection was ended too early. */
const cutReplies: ReadonlySet<number> = new Set([425, 426, 450, 451]);

/** Whether close_notify may be said at this side before the data has come. Without TLS, nothing would tell of a cut. */
export function bearsEarlyEnd({ traits, tls, protection }: Session): boolean {
  return tls !== undefined && protection === 'P' && traits.earlyEnd && !traits.stepByStep;
}

/** Something that can be fetched twice. */
interface Fetchable<T> {
  readonly fetch: (endsEarly: boolean) => Promise<T>;
  /** Whether what came is all there is: a server may end in good order because this side did, and call it a success. */
  readonly isCredible: (early: T) => boolean;
  /** Told what came with the early end, undefined where it was cut, and what came without. */
  readonly compare: (early: T | undefined, whole: T) => void;
}

/**
 * Fetches something with the data connection ended early: servers confirm a transfer only when they have heard
 * close_notify (C-37), which costs a round trip or two behind the data. What may have been cut by that is fetched once
 * more, to its end.
 */
export async function endingEarly<T>(
  { control, log }: Session,
  { fetch, isCredible, compare }: Fetchable<T>,
  signal?: AbortSignal,
): Promise<T> {
  let early: T | undefined;
  try {
    early = await fetch(true);
    if (isCredible(early)) return early;
  } catch (error) {
    if (signal?.aborted || !control.isOpen || !mayBeCut(error)) throw error;
    log.debug(`saying it again, and hearing it to its end, after ${error.message}`);
  }
  const whole = await fetch(false);
  compare(early, whole);
  return whole;
}

/**
 * Without a pipeline: what takes the bytes never has to be waited for.
 * @param take what it throws ends the reading
 * @throws FtpsError `dataConnection` when the line breaks
 */
export function readAll(line: Duplex, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const broke = (): void => {
      if (!line.readableEnded) reject(lineBreak(line.errored ?? new Error('it was closed')));
    };
    if (line.destroyed) broke();
    line.once('end', resolve).once('error', broke).once('close', broke);
    line.on('data', (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        line.destroy();
        reject(asError(error));
      }
    });
  });
}

export function mayBeCut(error: unknown): error is FtpsError {
  if (!(error instanceof FtpsError)) return false;
  if (error.kind === 'refused') return cutReplies.has(error.reply?.code ?? 0);
  return error.kind === 'dataConnection' || error.kind === 'truncated' || error.kind === 'tls';
}
