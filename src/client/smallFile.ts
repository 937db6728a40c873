import type { Duplex } from 'node:stream';
import { asError, FtpsError } from './errors.ts';
import { lineBreak } from './pump.ts';
import type { Session } from './session.ts';
import { runRepeatable, type Transfer } from './transfer.ts';

/** Bytes: a file of this size is in the server's hands whole before it can notice that this side has ended. */
const smallest = 16 * 1024;

/** Bytes: more is not held in memory for a file that was believed to be small. */
const mostHeld = 1024 * 1024;

/** The file has grown beyond what is held in memory. */
export class NoLongerSmall extends Error {}

/** Replies by which a server may mean that the data connection was ended too early. */
const cutReplies: ReadonlySet<number> = new Set([425, 426, 450, 451]);

/** Whether a file may be fetched by `retrieveSmall`. @param size in bytes, as the caller believes it to be */
export function mayEndEarly({ traits, tls, protection }: Session, size: number | undefined): boolean {
  const isSmall = size !== undefined && size > 0 && size <= smallest;
  return isSmall && tls !== undefined && protection === 'P' && traits.earlyEnd && !traits.stepByStep;
}

/**
 * RETR of a file that is believed to be small, into memory. This side says close_notify with the last word of its
 * handshake: servers confirm a transfer only when they have heard it (C-37), which costs a round trip or two behind the
 * data. One that takes it amiss is asked once more, without, and remembered.
 * @throws NoLongerSmall when more comes than is held in memory; the server's last word may still be due then
 */
export async function retrieveSmall(
  session: Session,
  path: string,
  onBytes: (total: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { control, traits, log } = session;
  try {
    return await fetch(session, path, true, onBytes, signal);
  } catch (error) {
    if (signal?.aborted || !control.isOpen || !mayBeCut(error)) throw error;
    log.debug(`saying RETR again, to its end, after ${error.message}`);
    const content = await fetch(session, path, false, onBytes, signal);
    traits.earlyEnd = false;
    return content;
  }
}

async function fetch(
  session: Session,
  path: string,
  endsEarly: boolean,
  onBytes: (total: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  const move: Transfer['move'] = async (stream, moved) => {
    if (endsEarly) stream.end();
    await readAll(stream, (chunk) => {
      chunks.push(chunk);
      total += chunk.length;
      if (total > mostHeld) throw new NoLongerSmall(`${path} is not small any more`);
      moved(chunk.length);
      onBytes(total);
    });
    if (!endsEarly) stream.end(); // C-37
  };
  const received = (): number => total;
  await runRepeatable(session, { verb: 'RETR', argument: path, received, move }, signal);
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks, total);
}

/**
 * Without a pipeline, which costs more than all else that is done for a small file.
 * @param take what it throws ends the reading
 * @throws FtpsError `dataConnection` when the line breaks
 */
function readAll(line: Duplex, take: (chunk: Uint8Array) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const broke = (): void => {
      if (!line.readableEnded) reject(lineBreak(line.errored ?? new Error('it was closed')));
    };
    if (line.destroyed) broke();
    line.once('end', resolve).once('error', broke).once('close', broke);
    line.on('data', (chunk: Uint8Array) => {
      try {
        take(chunk);
      } catch (error) {
        line.destroy();
        reject(asError(error));
      }
    });
  });
}

function mayBeCut(error: unknown): error is FtpsError {
  if (!(error instanceof FtpsError)) return false;
  if (error.kind === 'refused') return cutReplies.has(error.reply?.code ?? 0);
  return error.kind === 'dataConnection' || error.kind === 'truncated' || error.kind === 'tls';
}
