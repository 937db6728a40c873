import type { Duplex, Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asError, FtpsError, reasonOf } from './errors.ts';

type Local = Readable | Writable;

export interface Flow {
  /** The data connection. */
  readonly line: Duplex;
  readonly sink: Writable;
  /** Told the bytes that move, step by step; what it throws ends the flow. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * Moves all bytes from the line to the sink, no faster than the slower of them.
 * @throws FtpsError `dataConnection` when the line is the first to break. The failure of the other, a full disk for
 * example, is thrown as it is.
 */
export async function pump({ line, sink, onBytes }: Flow, signal: AbortSignal): Promise<void> {
  const culprit = firstToBreak([line, sink]);
  try {
    // Beside the pipeline, not in it: TLS hands out one chunk for every 16 KiB.
    line.on('data', (chunk: Uint8Array) => {
      try {
        onBytes(chunk.length);
      } catch (error) {
        sink.destroy(asError(error));
      }
    });
    await pipeline(line, sink, { signal });
  } catch (error) {
    const first = culprit();
    if (first !== undefined && first !== line) throw error;
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
