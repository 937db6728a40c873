import type { Listing } from '../protocol/listing.ts';
import { printable } from '../protocol/printable.ts';
import { aborted, FtpsError } from './errors.ts';
import { type Fetched, fetchListing } from './fetchListing.ts';
import { FolderChange, leavesWithList } from './folderChange.ts';
import { prepareRoute } from './preparedRoute.ts';
import type { Session } from './session.ts';
import { askTimeOffset } from './timeOffset.ts';

export interface DirectoryListing extends Listing {
  readonly source: 'mlsd' | 'list';
  /**
   * Milliseconds by which the times of a listing by LIST are ahead of UTC, once the server has let them be compared with
   * MDTM; the entries have them as they were listed. Summer time may add or take an hour.
   */
  readonly timeOffset?: number;
  /** What the server said of a listing that it has cut at a limit of its own: there is more in the directory. */
  readonly cutShort?: string;
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
  const { listing, cutShort } = await fetchListing(session, { verb: 'MLSD', argument: path }, signal);
  tellDropped(session, path, listing);
  return { ...listing, source: 'mlsd', ...(cutShort === undefined ? {} : { cutShort }) };
}

/** C-45. Must be alone on the session: LIST is said of the working directory. @throws FtpsError */
export async function listLong(
  session: Session,
  path: string,
  signal?: AbortSignal,
): Promise<DirectoryListing> {
  // The path goes to CWD, never to LIST: servers read options and wildcards out of its argument.
  const change = new FolderChange(session, path);
  if (!leavesWithList(session)) await goAlone(session, change, signal);
  const { listing, cutShort } = await listFolder(session, change, signal).catch((error: unknown) => {
    throw change.judge(error);
  });
  tellDropped(session, path, listing);
  const { timeOffset } = session.traits;
  if (!signal?.aborted) askTimeOffset(session, listing.entries);
  return {
    ...listing,
    source: 'list',
    ...(timeOffset === undefined ? {} : { timeOffset }),
    ...(cutShort === undefined ? {} : { cutShort }),
  };
}

/** Of the lines that are left out, so many are shown, each up to this length. */
const shownLines = { count: 5, length: 200 };

function tellDropped({ log }: Session, path: string, { dropped }: Listing): void {
  if (dropped.length === 0) return;
  const lines = dropped.slice(0, shownLines.count).map((line) => `"${line.slice(0, shownLines.length)}"`);
  const rest = dropped.length > lines.length ? ' …' : '';
  const what = `${dropped.length} lines of the listing of ${path}, which name nothing that can be used`;
  log.warn(printable(`Left out ${what}: ${lines.join(' ')}${rest}`));
}

async function goAlone(session: Session, change: FolderChange, signal?: AbortSignal): Promise<void> {
  const moved = change.alone();
  // Leaves with it, where nothing is prepared yet.
  if (!session.protectionIsDue) void prepareRoute(session);
  await moved;
  if (signal?.aborted) throw aborted('command', signal);
}

async function listFolder(session: Session, change: FolderChange, signal?: AbortSignal): Promise<Fetched> {
  const { traits, options } = session;
  const list = async (argument?: string): Promise<Fetched> => {
    const fetched = await fetchListing(session, { verb: 'LIST', argument, lead: change.lead }, signal);
    await change.confirm();
    return fetched;
  };
  if (!traits.dotFiles || options.listing === 'plainList') return list();
  try {
    const all = await list('-a');
    if (all.lines > 0) return all;
  } catch (error) {
    change.throwIfRefused();
    const code = error instanceof FtpsError && error.kind === 'refused' ? error.reply?.code : undefined;
    if (!optionRefusals.has(code ?? 0)) throw error;
  }
  // Nothing at all, not even "." and "..": perhaps "-a" was taken for a name.
  const plain = await list();
  if (plain.lines > 0) traits.dotFiles = false;
  return plain;
}
