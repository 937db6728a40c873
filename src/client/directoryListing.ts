import { Writable } from 'node:stream';
import { type Listing, ListingReader, parseList, parseMlsd } from '../protocol/listing.ts';
import { replyClass } from '../protocol/reply.ts';
import { aborted, asError, FtpsError, refusal } from './errors.ts';
import { prepareRoute } from './preparedRoute.ts';
import { pump } from './pump.ts';
import type { Session } from './session.ts';
import { askTimeOffset } from './timeOffset.ts';
import { runRepeatable, type Transfer } from './transfer.ts';

export interface DirectoryListing extends Listing {
  readonly source: 'mlsd' | 'list';
  /**
   * Milliseconds by which the times of a listing by LIST are ahead of UTC, once the server has let them be compared with
   * MDTM; the entries have them as they were listed. Summer time may add or take an hour.
   */
  readonly timeOffset?: number;
}

/** Replies that mean `LIST -a` itself is not understood, and nothing about the data connection. */
const optionRefusals: ReadonlySet<number> = new Set([500, 501, 502, 504, 550, 553]);

/** Lists one directory: MLSD where FEAT lists MLST (C-44), else LIST. Must be alone on the session. @throws FtpsError */
export async function listDirectory(
  session: Session,
  path: string,
  signal?: AbortSignal,
): Promise<DirectoryListing> {
  const isPlain = (session.options.listing ?? 'auto') !== 'auto';
  if (isPlain || !session.features.has('MLST')) return listLong(session, path, signal);
  return { ...parseMlsd(await fetchLines(session, 'MLSD', path, signal)), source: 'mlsd' };
}

/** C-45. Must be alone on the session: LIST is said of the working directory. @throws FtpsError */
export async function listLong(
  session: Session,
  path: string,
  signal?: AbortSignal,
): Promise<DirectoryListing> {
  // The path goes to CWD, never to LIST: servers read options and wildcards out of its argument.
  const moved = session.control.send('CWD', path);
  // Leaves with it, where nothing is prepared yet; LIST does not, for it would list another folder if CWD is refused.
  if (!session.protectionIsDue) void prepareRoute(session);
  const reply = await moved;
  if (replyClass(reply.code) !== 'completion') throw refusal('command', `the folder ${path} (CWD)`, reply);
  session.directory = path;
  if (signal?.aborted) throw aborted('command', signal);
  const listing = parseList(await listWorkingDirectory(session, signal), session.clock.now());
  const { timeOffset } = session.traits;
  if (!signal?.aborted) askTimeOffset(session, listing.entries);
  return { ...listing, source: 'list', ...(timeOffset === undefined ? {} : { timeOffset }) };
}

async function listWorkingDirectory(session: Session, signal?: AbortSignal): Promise<string[]> {
  const { traits, options } = session;
  if (!traits.dotFiles || options.listing === 'plainList')
    return fetchLines(session, 'LIST', undefined, signal);
  try {
    const lines = await fetchLines(session, 'LIST', '-a', signal);
    if (lines.length > 0) return lines;
  } catch (error) {
    const code = error instanceof FtpsError && error.kind === 'refused' ? error.reply?.code : undefined;
    if (!optionRefusals.has(code ?? 0)) throw error;
  }
  // Nothing at all, not even "." and "..": perhaps "-a" was taken for a name.
  const plain = await fetchLines(session, 'LIST', undefined, signal);
  if (plain.length > 0) traits.dotFiles = false;
  return plain;
}

async function fetchLines(
  session: Session,
  verb: 'LIST' | 'MLSD',
  argument: string | undefined,
  signal?: AbortSignal,
): Promise<string[]> {
  const newReader = (): ListingReader => new ListingReader(session.codec.decode);
  let reader = newReader();
  const move: Transfer['move'] = async (stream, moved, stop) => {
    reader = newReader();
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        try {
          reader.push(chunk);
          done();
        } catch (error) {
          done(asError(error));
        }
      },
    });
    await pump({ source: stream, sink, line: stream, onBytes: moved }, stop);
    stream.end(); // C-37
  };
  await runRepeatable(session, { verb, argument, move }, signal);
  return reader.finish();
}
