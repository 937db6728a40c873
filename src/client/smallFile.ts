import { bearsEarlyEnd, endingEarly, readAll, sentAtOnce } from './earlyEnd.ts';
import type { Session } from './session.ts';
import { runRepeatable, type Transfer } from './transfer.ts';

/** Bytes: more is not held in memory for a file that was believed to be small. */
const mostHeld = 1024 * 1024;

/** The file has grown beyond what is held in memory. */
export class NoLongerSmall extends Error {}

/** Whether a file may be fetched by `retrieveSmall`. @param size in bytes, as the caller believes it to be */
export function mayEndEarly(session: Session, size: number | undefined): size is number {
  return size !== undefined && size > 0 && size <= sentAtOnce && bearsEarlyEnd(session);
}

/**
 * RETR of a file that is believed to be small, into memory. This side says close_notify with the last word of its
 * handshake; a server that takes it amiss is asked once more, without, and remembered.
 * @param size in bytes, as believed: what comes short of it is asked for once more
 * @throws NoLongerSmall when more comes than is held in memory; the server's last word may still be due then
 */
export async function retrieveSmall(
  session: Session,
  path: string,
  size: number,
  onBytes: (total: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  return endingEarly<Uint8Array>(
    session,
    {
      fetch: (endsEarly) => fetch(session, path, endsEarly, onBytes, signal),
      isCredible: ({ length }) => length >= size,
      compare: (early, whole) => {
        // What has grown may have been cut for that.
        const isCut = early ? early.length < whole.length : whole.length <= sentAtOnce;
        if (isCut) session.traits.earlyEnd = false;
      },
    },
    signal,
  );
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
  await runRepeatable(session, { verb: 'RETR', argument: path, move }, signal);
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks, total);
}
