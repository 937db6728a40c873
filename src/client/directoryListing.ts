import { Writable } from 'node:stream';
import { GrowingList, type GrowingListing, GrowingMlsd } from '../protocol/growingListing.ts';
import { type Listing, ListingReader } from '../protocol/listing.ts';
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
  const { listing } = await fetchListing(session, 'MLSD', path, signal);
  return { ...listing, source: 'mlsd' };
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
  const { listing } = await listWorkingDirectory(session, signal);
  const { timeOffset } = session.traits;
  if (!signal?.aborted) askTimeOffset(session, listing.entries);
  return { ...listing, source: 'list', ...(timeOffset === undefined ? {} : { timeOffset }) };
}

interface Fetched {
  readonly listing: Listing;
  /** How many lines there were, be they entries or not. */
  readonly lines: number;
}

async function listWorkingDirectory(session: Session, signal?: AbortSignal): Promise<Fetched> {
  const { traits, options } = session;
  if (!traits.dotFiles || options.listing === 'plainList')
    return fetchListing(session, 'LIST', undefined, signal);
  try {
    const all = await fetchListing(session, 'LIST', '-a', signal);
    if (all.lines > 0) return all;
  } catch (error) {
    const code = error instanceof FtpsError && error.kind === 'refused' ? error.reply?.code : undefined;
    if (!optionRefusals.has(code ?? 0)) throw error;
  }
  // Nothing at all, not even "." and "..": perhaps "-a" was taken for a name.
  const plain = await fetchListing(session, 'LIST', undefined, signal);
  if (plain.lines > 0) traits.dotFiles = false;
  return plain;
}

async function fetchListing(
  session: Session,
  verb: 'LIST' | 'MLSD',
  argument: string | undefined,
  signal?: AbortSignal,
): Promise<Fetched> {
  const begin = (): readonly [ListingReader, GrowingListing] => [
    new ListingReader(session.codec.decode),
    verb === 'MLSD' ? new GrowingMlsd() : new GrowingList(session.clock.now()),
  ];
  let [reader, listing] = begin();
  const move: Transfer['move'] = async (stream, moved, stop) => {
    [reader, listing] = begin();
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        try {
          reader.push(chunk);
          listing.push(reader.take());
          done();
        } catch (error) {
          done(asError(error));
        }
      },
    });
    await pump({ line: stream, sink, onBytes: moved }, stop);
    stream.end(); // C-37
  };
  await runRepeatable(session, { verb, argument, move }, signal);
  listing.push(reader.finish());
  return { listing: listing.finish(), lines: reader.count };
}
