import type { Duplex } from 'node:stream';
import { lineBreak } from './pump.ts';

/** In bytes: on a slow line the movement of less is told often enough. C-54 */
const pieceBytes = 64 * 1024;

/** Where the bytes of an upload come from; every `Readable` is such a source. Text is sent as UTF-8. */
export interface UploadSource extends AsyncIterable<string | Uint8Array> {
  /** Whether it was asked for anything. */
  readonly readableDidRead: boolean;
  /** Lets go what it holds, also while it is being asked. */
  destroy(): void;
}

/**
 * Sends all bytes of the source, no faster than the line takes them, and ends the line. A chunk is written before the
 * next is asked for, so that a source may use its memory again.
 * @param onBytes told the bytes that move, step by step; what it throws ends the upload
 * @throws FtpsError `dataConnection` when the line is the first to break. The failure of the source is thrown as it is.
 */
export async function sendAll(
  source: UploadSource,
  line: Duplex,
  onBytes: (bytes: number) => void,
): Promise<void> {
  try {
    // Beside each other, for a source may take long to answer while the line breaks.
    await Promise.race([breakOf(line), writeAll(source, line, onBytes)]);
  } catch (error) {
    source.destroy();
    throw error;
  }
}

async function writeAll(source: UploadSource, line: Duplex, onBytes: (bytes: number) => void): Promise<void> {
  for await (const chunk of source) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      const piece = bytes.subarray(start, start + pieceBytes);
      onBytes(piece.length);
      await done((settle) => line.write(piece, settle));
    }
  }
  await done((settle) => line.end(settle));
}

function done(act: (settle: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    act((error) => (error ? reject(lineBreak(error)) : resolve()));
  });
}

/** Never resolves. @throws FtpsError `dataConnection` */
function breakOf(line: Duplex): Promise<never> {
  return new Promise((_, reject) => {
    const broke = (): void => {
      if (!line.writableFinished) reject(lineBreak(line.errored ?? new Error('it was closed')));
    };
    if (line.destroyed) broke();
    line.once('error', broke).once('close', broke);
  });
}
