import type { Duplex, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asError, FtpsError, reasonOf } from './errors.ts';

type Local = Readable | Writable;

/** In bytes: on a slow line the movement of less is told often enough. C-54 */
const pieceBytes = 128 * 1024;

export interface Flow {
  readonly source: Readable;
  readonly sink: Writable;
  /** The data connection: one of the two. */
  readonly line: Duplex;
  /** Told the bytes that move, step by step; what it throws ends the flow. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Moves all bytes from the source to the sink, no faster than the slower of them.
 * @throws FtpsError `dataConnection` when the line is the first to break. The failure of the other, a full disk for
 * example, is thrown as it is.
 */
export async function pump({ source, sink, line, onBytes }: Flow, signal: AbortSignal): Promise<void> {
  const culprit = firstToBreak([source, sink]);
  const tell = (bytes: number): void => {
    try {
      onBytes(bytes);
    } catch (error) {
      const other = sink === line ? source : sink;
      other.destroy(asError(error));
    }
  };
  try {
    if (sink === line) await pipeline(source, (chunks) => pieces(chunks, tell), sink, { signal });
    else {
      // Beside the pipeline, not in it: TLS hands out one chunk for every 16 KiB.
      source.on('data', (chunk: Uint8Array) => tell(chunk.length));
      await pipeline(source, sink, { signal });
    }
  } catch (error) {
    const other = culprit();
    if (other !== undefined && other !== line) throw error;
    throw lineBreak(error);
  }
}

async function* pieces(
  chunks: AsyncIterable<string | Uint8Array>,
  tell: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      const piece = bytes.subarray(start, start + pieceBytes);
      tell(piece.length);
      yield piece;
    }
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
