import type { Duplex, Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FtpsError, reasonOf } from './errors.ts';

type Local = Readable | Writable;

/**
 * Moves all bytes from the first stream to the last.
 * @param line the data connection among them; when it is the first to break, the error is FtpsError `dataConnection`.
 * The failure of another, a full disk for example, is thrown as it is.
 */
export async function pump(
  streams: readonly [Readable, ...Transform[], Writable],
  line: Duplex,
  signal: AbortSignal,
): Promise<void> {
  const culprit = firstToBreak(streams);
  try {
    await pipeline([...streams], { signal });
  } catch (error) {
    const other = culprit();
    if (other !== undefined && other !== line) throw error;
    throw lineBreak(error);
  }
}

export function lineBreak(cause: unknown): FtpsError {
  const message = `The data connection broke: ${reasonOf(cause)}. Try again.`;
  return new FtpsError('dataConnection', 'transfer', message, { cause });
}

/** Streams in a pipeline tear each other down: only the first that broke says whose failure it was. */
function firstToBreak(streams: readonly Local[]): () => Local | undefined {
  let first = streams.find((stream) => stream.destroyed && !isOver(stream));
  for (const stream of streams) {
    const broke = (): void => {
      first ??= stream;
    };
    stream.once('error', broke);
    stream.once('close', () => {
      if (!isOver(stream)) broke();
    });
  }
  return () => first;
}

function isOver(stream: Local): boolean {
  const read = 'readableEnded' in stream && stream.readableEnded;
  const written = 'writableFinished' in stream && stream.writableFinished;
  return read || written;
}
