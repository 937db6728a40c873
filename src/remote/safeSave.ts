import type { UploadedFile } from '../client/moveVerified.ts';
import type { Entry } from '../protocol/entry.ts';
import { isNameRefused, RemoteError, toRemoteError } from './errors.ts';
import { type FolderReader, missing } from './folderReader.ts';
import type { Leftovers } from './leftovers.ts';
import { type Moved, NoWayToReplace, moveIntoPlace, type SaveMethod } from './moveIntoPlace.ts';
import type { RemoteClient } from './remoteClient.ts';
import { type Ownership, type RemoteEntry, toRemoteEntry } from './remoteEntry.ts';
import { baseName, joinPath, parentPath } from './remotePath.ts';
import { approveReplacement } from './replacement.ts';
import { findSavePlace, type SaveOptions, type SavePlace } from './savePlace.ts';
import type { SaveSource } from './saveSource.ts';
import type { Sessions } from './sessions.ts';
import { temporaryName } from './temporaryName.ts';
import { isWorthHashing, requireWhole, type Sent } from './verifyUpload.ts';

export interface SaveResult {
  /** The file as it is now; of a link, the file behind it. */
  readonly entry: RemoteEntry;
  readonly method: SaveMethod | 'direct';
  /** What the user should know about the way that was taken. */
  readonly note?: string;
}

/** Keeps the content on this computer until the answer is called. */
export type KeepLocalCopy = (path: string, content: Uint8Array) => Promise<() => Promise<void>>;

export interface SaveContext {
  readonly sessions: Sessions;
  readonly folders: FolderReader;
  readonly leftovers: Leftovers;
  readonly keepLocalCopy?: KeepLocalCopy | undefined;
}

/** What one attempt at saving works with. */
interface Attempt extends SaveContext {
  readonly client: RemoteClient;
  readonly source: SaveSource;
  readonly options: SaveOptions;
  readonly signal: AbortSignal | undefined;
}

/**
 * Saves so that the server has the old file or the new one, whole, whenever the connection breaks: uploads beside the
 * file, compares the size, and only then renames over it. Where that cannot be done, the file is written directly.
 */
export async function saveSafely(
  context: SaveContext,
  path: string,
  source: SaveSource,
  options: SaveOptions,
  signal?: AbortSignal,
): Promise<SaveResult> {
  // Until the upload begins there are only questions, which are a sign of life too, and may be asked again elsewhere.
  const deed = { path, operation: 'save' as const, changes: false };
  return context.sessions.use(
    deed,
    async (client) => {
      const attempt = { ...context, client, source, options, signal };
      await context.leftovers.sweep(client);
      const place = await findSavePlace(context.folders, client, path, options, signal);
      deed.changes = true;
      try {
        if (place.onlyDirectly !== undefined) return await writeDirectly(attempt, place, place.onlyDirectly);
        return await replace(attempt, place);
      } catch (error) {
        if (!(error instanceof NoWayToReplace)) throw error;
        // An upload, or a rename that was refused, took its time.
        approveReplacement(place, await client.stat(place.path, signal), options);
        return await writeDirectly(attempt, place, error.reason);
      } finally {
        context.folders.forget(place.path);
        context.folders.forget(path);
      }
    },
    signal,
  );
}

async function replace(attempt: Attempt, place: SavePlace): Promise<SaveResult> {
  const { client, leftovers } = attempt;
  const temporary = joinPath(parentPath(place.path), temporaryName(baseName(place.path)));
  try {
    const bytes = await uploadBeside(attempt, place, temporary);
    const moved = await moveAsItsOwner(attempt, place, temporary, { bytes, content: attempt.source.content });
    const { facts, modeIsSet } = moved.uploaded;
    const keptMode = modeIsSet !== false || facts?.mode === modeOf(attempt, place);
    const notes = [
      moved.note,
      facts?.size === undefined ? 'The server cannot tell sizes, so the upload could not be verified.' : '',
      keptMode ? '' : 'The server does not let its permissions be kept; check them.',
    ].filter(Boolean);
    return {
      entry: savedEntry(
        place,
        { ...facts, ...moved.target },
        bytes,
        modeIsSet ? attempt.options.mode : undefined,
      ),
      method: moved.method,
      ...(notes.length > 0 ? { note: notes.join(' ') } : {}),
    };
  } catch (error) {
    await leftovers.remove(client, temporary);
    throw error;
  }
}

/** How much of an upload has left this computer. */
class SentBytes {
  sent = 0;
  readonly #options: Pick<SaveOptions, 'onProgress'>;

  constructor(options: Pick<SaveOptions, 'onProgress'>) {
    this.#options = options;
  }

  readonly onProgress = (bytes: number): void => {
    this.sent = bytes;
    this.#options.onProgress?.(bytes);
  };
}

/** @returns bytes sent */
async function uploadBeside(attempt: Attempt, place: SavePlace, temporary: string): Promise<number> {
  const sent = await storeUnlessRefused(attempt, temporary);
  if (sent !== undefined) return sent;
  await requireFolder(attempt.client, place.path);
  // The folder may have been made by somebody else between the two.
  const sentAgain = await storeUnlessRefused(attempt, temporary);
  if (sentAgain !== undefined) return sentAgain;
  throw new NoWayToReplace('the server allows no temporary file beside it');
}

/** @returns bytes sent; undefined where the server takes no file under this name */
async function storeUnlessRefused(attempt: Attempt, temporary: string): Promise<number | undefined> {
  const { client, source, options, signal } = attempt;
  const count = new SentBytes(options);
  try {
    return await client.store(temporary, source.open(), count, signal);
  } catch (error) {
    if (count.sent > 0 || !isNameRefused(error) || !client.isOpen) throw error;
    return undefined;
  }
}

/** A refused upload may only mean that the folder is not there. */
async function requireFolder(client: RemoteClient, path: string): Promise<void> {
  const folder = parentPath(path);
  if (folder !== '/' && !(await client.stat(folder))) throw missing(folder);
}

/** Nothing has told yet whose the upload is. */
class OwnerUntold extends Error {
  override readonly name = 'OwnerUntold';
}

/**
 * Owners and groups are compared as one and the same source tells them, for MLST writes them differently. Where those of
 * the file are known by STAT or LIST, those of the upload are asked by STAT along with all else, and if need be by LIST.
 */
async function moveAsItsOwner(
  attempt: Attempt,
  place: SavePlace,
  temporary: string,
  sent: Sent,
): Promise<Moved> {
  const { client, signal } = attempt;
  const { kinds } = attempt.folders;
  const isListed = place.existing?.ownerIsListed === true;
  const byList = kinds.ownershipIn(parentPath(temporary));
  const move = (listed: Ownership | undefined): Promise<Moved> => {
    const verify = (uploaded: UploadedFile): boolean => {
      requireWhole(place.path, sent, uploaded);
      const told = uploaded.status ? kinds.learnStatus(uploaded.status) : listed;
      if (isListed && !told) throw new OwnerUntold();
      approveReplacement(place, uploaded.replaced, attempt.options);
      refuseOtherOwner(place, isListed ? told : uploaded.facts);
      return true;
    };
    const [mode, hash, status] = [modeOf(attempt, place), isWorthHashing(sent), isListed && !listed];
    return moveIntoPlace(attempt, temporary, place, { verify, mode, hash, status, replaced: true });
  };
  try {
    if (!isListed || byList || kinds.mayTellByStatus) return await move(byList);
  } catch (error) {
    if (!(error instanceof OwnerUntold)) throw error;
  }
  return move(await kinds.listOwnership(client, temporary, signal));
}

/** A rename would change them to those of the upload. */
function refuseOtherOwner({ existing }: SavePlace, uploaded: Ownership | undefined): void {
  if (differ(existing?.owner, uploaded?.owner)) {
    throw new NoWayToReplace('it belongs to another user, whom replacing it would change');
  }
  if (differ(existing?.group, uploaded?.group)) {
    throw new NoWayToReplace('it belongs to another group, which replacing it would change');
  }
}

/** What is not told is no objection. */
function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

function modeOf({ options }: Attempt, { existing }: SavePlace): number | undefined {
  return existing ? existing.mode : options.mode;
}

/** @param given permissions that a new file was given */
function savedEntry(place: SavePlace, told: Partial<Entry>, sent: number, given?: number): RemoteEntry {
  const mode = place.existing ? place.existing.mode : given;
  const facts: Entry = { name: baseName(place.path), ...told, type: 'file', size: told.size ?? sent };
  return { ...toRemoteEntry(place.path, facts, 'facts'), ...(mode === undefined ? {} : { mode }) };
}

/** The last way: over the file itself. The new content stays on this computer until the server has it. */
async function writeDirectly(attempt: Attempt, place: SavePlace, reason: string): Promise<SaveResult> {
  const { client, source, options, signal } = attempt;
  const release = source.content && (await attempt.keepLocalCopy?.(place.path, source.content));
  const count = new SentBytes(options);
  try {
    const sent = await client.store(place.path, source.open(), count, signal);
    // Of a link, MLST may tell the link's own size, and SIZE tells that of the file.
    const isLink = place.existing?.type === 'link';
    const stored = isLink ? undefined : await client.stat(place.path, signal);
    const size = stored?.size ?? (await client.size(place.path, signal));
    refuseShortened(size ?? sent, sent, place.path);
    await release?.();
    return {
      entry: savedEntry(place, { ...stored, ...(size === undefined ? {} : { size }) }, sent),
      method: 'direct',
      note: `Written directly, because ${reason}.`,
    };
  } catch (error) {
    if (count.sent > 0 || !isNameRefused(error)) throw unfinished(error, place, release !== undefined);
    await release?.();
    throw error;
  }
}

function refuseShortened(stored: number, sent: number, path: string): void {
  if (stored === sent) return;
  throw new RemoteError(
    'unavailable',
    path,
    `Cannot save ${path}. The server stored ${stored} of ${sent} bytes.`,
    {
      retryable: true,
    },
  );
}

function unfinished(error: unknown, place: SavePlace, keptCopy: boolean): Error {
  const known = toRemoteError(error, place.path, 'save');
  const copy = keptCopy ? ' What you saved is kept on this computer.' : '';
  const message = `${known.message} The file was written directly and may be incomplete on the server: save it again.${copy}`;
  return new RemoteError(known.kind, place.path, message, { cause: error, retryable: known.retryable });
}
