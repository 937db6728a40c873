import { type Duplex, type Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Session } from './session.ts';
import { runRepeatable, runTransfer } from './transfer.ts';

export interface TransferOptions {
  /** Where to begin, in bytes from the start of the remote file. RFC 3659 §5 */
  readonly offset?: number;
  /** Told the bytes moved so far in this transfer. */
  readonly onProgress?: (bytes: number) => void;
}

type Enter = () => Promise<() => void>;

/** RETR into `sink`, which is ended, or destroyed on failure once bytes have come. @returns bytes received */
export async function retrieveFile(
  session: Session,
  path: string,
  sink: Writable,
  options: TransferOptions,
  enter: Enter,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0;
  const move = async (stream: Duplex, moved: (bytes: number) => void, stop: AbortSignal): Promise<void> => {
    // The sink stays untouched until there is something for it, so that a refused transfer can be said again.
    await firstBytes(stream);
    const meter = newMeter((bytes) => {
      total += bytes;
      moved(bytes);
      options.onProgress?.(total);
    });
    await pipeline(stream, meter, sink, { signal: stop });
    stream.end(); // C-37: some servers wait for our close_notify before they confirm.
  };
  await runRepeatable(session, { verb: 'RETR', argument: path, offset: options.offset, move }, enter, signal);
  return total;
}

export interface StoreOptions extends TransferOptions {
  /** APPE instead of STOR. */
  readonly append?: boolean;
}

/** STOR or APPE from `source`. @returns bytes sent */
export async function storeFile(
  session: Session,
  path: string,
  source: Readable,
  options: StoreOptions,
  enter: Enter,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0;
  const move = async (stream: Duplex, moved: (bytes: number) => void, stop: AbortSignal): Promise<void> => {
    const meter = newMeter((bytes) => {
      total += bytes;
      moved(bytes);
      options.onProgress?.(total);
    });
    const closed = new Promise<void>((resolve) => stream.once('end', resolve).once('close', resolve));
    // C-39: what the server still says (session tickets, close_notify) is read to the end; unread, it turns the
    // end of the connection into a reset that costs the tail of the file.
    stream.resume();
    await pipeline(source, meter, stream, { signal: stop });
    await closed;
  };
  const verb = options.append ? 'APPE' : 'STOR';
  await runTransfer(session, { verb, argument: path, offset: options.offset, move }, await enter(), signal);
  return total;
}

function newMeter(count: (bytes: number) => void): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count(chunk.length);
      done(null, chunk);
    },
  });
}

function firstBytes(stream: Duplex): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (error?: Error | null): void => {
      stream.off('readable', finish).off('error', finish).off('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const onClose = (): void => finish(new Error('the data connection was closed'));
    stream.once('readable', finish).once('error', finish).once('close', onClose);
  });
}
