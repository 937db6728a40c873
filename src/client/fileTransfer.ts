import { type Duplex, Readable, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { replyClass } from '../protocol/reply.ts';
import { parseUniqueName } from '../protocol/stou.ts';
import { aborted, refusal } from './errors.ts';
import { lineBreak, pump } from './pump.ts';
import { sendAll, type UploadSource } from './sendAll.ts';
import type { Session } from './session.ts';
import { mayEndEarly, NoLongerSmall, retrieveSmall } from './smallFile.ts';
import { runRepeatable, runTransfer, type Transfer } from './transfer.ts';

export interface TransferOptions {
  /** Where to begin, in bytes from the start of the remote file. RFC 3659 §5 */
  readonly offset?: number;
  /** Told the bytes moved so far in this transfer. */
  readonly onProgress?: (bytes: number) => void;
  /** Bytes that the file is believed to have: a small one is fetched quicker, and comes whole or as it is. */
  readonly expectedSize?: number;
}

/** RETR into `sink`, which is ended when all has come. @returns bytes received */
export async function retrieveFile(
  session: Session,
  path: string,
  sink: Writable,
  options: TransferOptions,
  signal?: AbortSignal,
): Promise<number> {
  const small = await fetchIfSmall(session, path, options, signal);
  if (small) {
    const bytes = small.length;
    sink.end(small);
    await finished(sink);
    return bytes;
  }
  const count = new ByteCount(options);
  const move: Transfer['move'] = async (stream, moved, stop) => {
    // The sink stays untouched until there is something for it, so that a refused transfer can be said again.
    if (await hasBytes(stream)) {
      await pump({ line: stream, sink, onBytes: count.meter(moved) }, stop);
    }
    stream.end(); // C-37: some servers wait for our close_notify before they confirm.
  };
  const transfer: Transfer = { verb: 'RETR', argument: path, offset: options.offset, move };
  await runRepeatable(session, transfer, signal);
  if (count.total === 0) await pipeline(Readable.from([]), sink);
  return count.total;
}

/** @returns undefined where the file is not believed to be small, or is not small any more */
async function fetchIfSmall(
  session: Session,
  path: string,
  { offset, expectedSize, onProgress }: TransferOptions,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (offset !== undefined || !mayEndEarly(session, expectedSize)) return undefined;
  try {
    return await retrieveSmall(session, path, expectedSize, (total) => onProgress?.(total), signal);
  } catch (error) {
    if (!(error instanceof NoLongerSmall)) throw error;
    await session.control.quiet();
    return undefined;
  }
}

export interface StoreOptions extends TransferOptions {
  /** APPE instead of STOR. */
  readonly append?: boolean;
}

/** STOR or APPE from `source`. @returns bytes sent */
export async function storeFile(
  session: Session,
  path: string,
  source: UploadSource,
  options: StoreOptions,
  signal?: AbortSignal,
): Promise<number> {
  const verb = options.append ? 'APPE' : 'STOR';
  const { bytes } = await send(session, { verb, argument: path }, source, options, signal);
  return bytes;
}

export interface UniqueFile {
  readonly bytes: number;
  /** The name that the server chose, as it tells it; undefined where it does not. */
  readonly name: string | undefined;
}

/** STOU into `folder`: the server chooses a name that is not taken. RFC 959 §4.1.3, C-42 */
export async function storeUniqueFile(
  session: Session,
  folder: string,
  source: UploadSource,
  options: TransferOptions,
  signal?: AbortSignal,
): Promise<UniqueFile> {
  const reply = await session.control.send('CWD', folder);
  if (replyClass(reply.code) !== 'completion') throw refusal('command', `the folder ${folder} (CWD)`, reply);
  if (signal?.aborted) throw aborted('command', signal);
  const { bytes, replies } = await send(session, { verb: 'STOU' }, source, options, signal);
  const told = [replies.preliminary, replies.final].flatMap((said) => (said ? [parseUniqueName(said)] : []));
  return { bytes, name: told.find((name) => name !== undefined) };
}

async function send(
  session: Session,
  command: Pick<Transfer, 'verb' | 'argument'>,
  source: UploadSource,
  options: TransferOptions,
  signal?: AbortSignal,
) {
  const count = new ByteCount(options);
  const move: Transfer['move'] = async (stream, moved) => {
    // C-39: what the server still says (session tickets, close_notify) is read to the end; unread, it turns the
    // end of the connection into a reset that costs the tail of the file.
    stream.resume();
    await sendAll(source, stream, count.meter(moved));
  };
  const replies = await runTransfer(session, { ...command, offset: options.offset, move }, signal);
  return { bytes: count.total, replies };
}

class ByteCount {
  total = 0;
  readonly #options: TransferOptions;

  constructor(options: TransferOptions) {
    this.#options = options;
  }

  meter(moved: (bytes: number) => void): (bytes: number) => void {
    return (bytes) => {
      this.total += bytes;
      moved(bytes);
      this.#options.onProgress?.(this.total);
    };
  }
}

/**
 * Whether there are bytes, as soon as that is known: the end of an empty file may have come with the handshake.
 * @throws FtpsError `dataConnection` when the connection breaks before
 */
function hasBytes(stream: Duplex): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const broke = (error: unknown): void => finish(() => reject(lineBreak(error)));
    const listeners = {
      readable: (): void => {
        if (stream.readableLength > 0) finish(() => resolve(true));
        // The end is told to those who read up to it.
        else stream.read();
      },
      end: () => finish(() => resolve(false)),
      error: broke,
      close: () => broke(new Error('it was closed')),
    };
    const events = ['readable', 'end', 'error', 'close'] as const;
    const finish = (settle: () => void): void => {
      for (const event of events) stream.off(event, listeners[event]);
      settle();
    };
    for (const event of events) stream.on(event, listeners[event]);
    if (stream.readableEnded) listeners.end();
    else if (stream.destroyed) broke(stream.errored ?? new Error('it was closed'));
  });
}
