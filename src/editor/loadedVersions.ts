import { createHash } from 'node:crypto';
import { RemoteError } from '../remote/errors.ts';
import type { ReadFile } from '../remote/fileReader.ts';
import { isOtherVersion, type RemoteEntry } from '../remote/remoteEntry.ts';
import type { RemoteFileSystem } from '../remote/remoteFileSystem.ts';
import { baseName } from '../remote/remotePath.ts';
import type { SaveOptions } from '../remote/savePlace.ts';
import type { RemoteLocation } from './uri.ts';

/** A file on the server as an editor knows it. */
interface LoadedVersion {
  readonly entry: RemoteEntry;
  /** SHA-256 of its content. */
  readonly hash: string;
}

/** What VS Code tells of a document. */
export interface EditedDocument {
  readonly address: string;
  readonly isDirty: boolean;
}

export interface LoadedVersionsPorts {
  /** The file is not the one that the editor has loaded; undefined when the user wants neither. */
  readonly ask: (file: RemoteLocation) => Promise<'overwrite' | 'compare' | undefined>;
  /** Shows what the server has beside what is in the editor. */
  readonly compare: (file: RemoteLocation) => void;
}

/** Most files, read or written lately, one of which an editor may be about to show. */
const mostRead = 100;

/**
 * The versions that editors have loaded or last saved, and the question before a save that would replace another one.
 * VS Code asks that itself only where the file has become newer and has another size.
 */
export class LoadedVersions {
  readonly #ports: LoadedVersionsPorts;
  readonly #read = new Map<string, LoadedVersion>();
  readonly #loaded = new Map<string, LoadedVersion>();
  /** What VS Code was told last of each file that is open. */
  readonly #told = new Map<string, RemoteEntry>();
  /** Documents whose last change was an undo or redo, which may make them clean without loading anything. */
  readonly #undone = new Set<string>();
  readonly #saving = new Set<string>();

  constructor(ports: LoadedVersionsPorts) {
    this.#ports = ports;
  }

  /** A document was opened. One that is dirty was restored, and nothing tells from which version. */
  opened({ address, isDirty }: EditedDocument): void {
    if (isDirty) this.#loaded.delete(address);
    else this.#load(address);
  }

  /**
   * A document has changed: one that is clean without an undo was loaded again, or reverted.
   * @param change absent when only its being dirty has changed
   */
  changed({ address, isDirty }: EditedDocument, change?: { readonly isUndo: boolean }): void {
    if (change?.isUndo) this.#undone.add(address);
    else if (change) this.#undone.delete(address);
    if (isDirty) return;
    this.#saving.delete(address);
    if (!this.#undone.has(address)) this.#load(address);
  }

  /** The user, or a setting of the user's, saves a document: what is asked until it is written is for that. */
  willSave(address: string): void {
    this.#saving.add(address);
    this.#told.delete(address);
  }

  isBeingSaved(address: string): boolean {
    return this.#saving.has(address);
  }

  /** What is asked, or written, from now on is not for the save that was begun. */
  saveFailed(address: string): void {
    this.#saving.delete(address);
  }

  closed(address: string): void {
    for (const known of [this.#loaded, this.#told, this.#undone, this.#saving]) known.delete(address);
  }

  /** VS Code was told of a file. */
  told(address: string, entry: RemoteEntry): void {
    if (this.#loaded.has(address)) this.#told.set(address, entry);
  }

  /** VS Code has got the content of a file. */
  read(address: string, { content, entry }: ReadFile): void {
    if (entry) this.#keep(address, { entry, hash: hashOf(content) });
    else this.#read.delete(address);
  }

  /**
   * Asks before another version is replaced than the one that the editor has.
   * @returns what to give to the save, so that nothing else is replaced than what was agreed upon
   * @throws RemoteError `conflict` when the user wants to compare first, or not to save at all
   */
  async agree(
    address: string,
    file: RemoteLocation,
    files: Pick<RemoteFileSystem, 'stat' | 'read'>,
  ): Promise<Pick<SaveOptions, 'approve'>> {
    const loaded = this.#loaded.get(address);
    if (!loaded) return {};
    const told = this.#told.get(address);
    const found = told ?? (await statOf(files, file.path));
    if (found && isOtherVersion(loaded.entry, found) !== false && !(told && isNoticed(loaded.entry, told))) {
      if (!(await hasContent(files, file.path, found, loaded))) await this.#ask(file);
    }
    return { approve: (existing) => requireAsFound(file.path, found, existing) };
  }

  /** A file was written: by a save of its document, or by somebody else, whom its document knows nothing of. */
  written(address: string, content: Uint8Array, entry: RemoteEntry): void {
    const version = { entry, hash: hashOf(content) };
    this.#keep(address, version);
    if (this.#saving.delete(address)) this.#loaded.set(address, version);
  }

  #keep(address: string, version: LoadedVersion): void {
    this.#read.delete(address);
    this.#read.set(address, version);
    const oldest = this.#read.keys().next();
    if (this.#read.size > mostRead && !oldest.done) this.#read.delete(oldest.value);
  }

  #load(address: string): void {
    const version = this.#read.get(address);
    if (version) this.#loaded.set(address, version);
  }

  async #ask(file: RemoteLocation): Promise<void> {
    const answer = await this.#ports.ask(file);
    if (answer === 'overwrite') return;
    if (answer === 'compare') this.#ports.compare(file);
    throw notSaved(file.path, 'has changed on the server since it was opened');
  }
}

/** Whether VS Code itself has asked about this version, as the save would not have come this far otherwise. */
function isNoticed(loaded: RemoteEntry, told: RemoteEntry): boolean {
  return told.modifiedAt > loaded.modifiedAt && told.size !== loaded.size;
}

/** Whether the file has been touched at most: somebody has stored the very same content. */
async function hasContent(
  files: Pick<RemoteFileSystem, 'read'>,
  path: string,
  found: RemoteEntry,
  { entry, hash }: LoadedVersion,
): Promise<boolean> {
  return found.size === entry.size && hashOf((await files.read(path)).content) === hash;
}

/** Undefined where there is nothing: then nothing is replaced. */
async function statOf(files: Pick<RemoteFileSystem, 'stat'>, path: string): Promise<RemoteEntry | undefined> {
  try {
    return await files.stat(path, { fresh: true });
  } catch (error) {
    if (error instanceof RemoteError && error.kind === 'notFound') return undefined;
    throw error;
  }
}

/** Between the question and the rename somebody may have stored something else. */
function requireAsFound(
  path: string,
  found: RemoteEntry | undefined,
  existing: RemoteEntry | undefined,
): void {
  // What is behind a link was judged by what the link leads to.
  if (!existing || (found && found.type !== 'file')) return;
  if (found && !isOtherVersion(found, existing)) return;
  throw notSaved(path, 'was changed on the server at this moment');
}

function notSaved(path: string, why: string): RemoteError {
  const message = `${baseName(path)} was not saved: it ${why}. Save again to decide, or revert the file to take theirs.`;
  return new RemoteError('conflict', path, message);
}

function hashOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
