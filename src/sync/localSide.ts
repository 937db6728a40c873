import { constants, createReadStream, type Stats } from 'node:fs';
import { copyFile, link, lstat, open, rename, rm, rmdir, stat, unlink, utimes } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { RemoteError, toRemoteError } from '../remote/errors.ts';
import { type FileVersion, isSameVersion } from './fileVersion.ts';
import { otherThanFile, versionOf } from './localVersion.ts';
import { ownTemporaryName } from './ownTemporary.ts';
import { placeIn } from './placeIn.ts';
import {
  changedMeanwhile,
  type ChangeContext,
  type Expected,
  namesMeet,
  type Side,
  type StagedContent,
} from './side.ts';
import { parentOf, type SideNode } from './sideTree.ts';
import { Spelling } from './spelling.ts';
import type { Staging } from './staging.ts';
import { syncFile } from './syncFile.ts';
import { ifMissing, isSystemError } from './systemErrors.ts';

const where = 'on this computer';

/** The local folder of a pair. */
export class LocalSide implements Side {
  readonly #root: string;
  readonly #staging: Staging;
  readonly #spelling: Spelling;

  constructor(root: string, staging: Staging) {
    this.#root = root;
    this.#staging = staging;
    this.#spelling = new Spelling(root);
  }

  async stage(path: string, expected: Expected, signal?: AbortSignal): Promise<StagedContent> {
    if (expected.node?.kind === 'other') return this.#stageBehindLink(path, signal);
    const file = this.#fileAt(path);
    return failingAs(path, 'read', async () => {
      await this.#require(path, expected);
      const copy = this.#staging.newFile();
      const hash = await copyHashing(file, copy, signal);
      // Somebody may have written while it was read.
      const version = await this.#require(path, expected);
      return { file: copy, hash, version };
    });
  }

  /** A copy of what a link leads to. */
  async #stageBehindLink(path: string, signal?: AbortSignal): Promise<StagedContent> {
    const file = this.#fileAt(path);
    return failingAs(path, 'read', async () => {
      const before = await stat(file);
      if (!before.isFile()) throw new RemoteError('failed', path, `Cannot read ${path}. It is no file.`);
      const copy = this.#staging.newFile();
      const hash = await copyHashing(file, copy, signal);
      const [version, after] = [versionOf(before), versionOf(await stat(file))];
      if (!isSameVersion(version, after)) throw changedMeanwhile(path, where);
      return { file: copy, hash, version, isLink: await this.#isLink(path) };
    });
  }

  async put(path: string, content: StagedContent, context: ChangeContext): Promise<FileVersion> {
    const { expected, snapshot, before } = context;
    const file = this.#fileAt(path);
    const temporary = join(dirname(file), ownTemporaryName(basename(file)));
    return failingAs(path, 'download', async () => {
      await this.#requireNoLinkAround(path);
      await this.#spelling.makeFolders(parentOf(path), (folder) => recordFolder(folder, context));
      try {
        await copyWhole(content.file, temporary);
        const old = await this.#look(path);
        if (old && !expected.node && (await this.#spelling.of(path)) !== path) throw namesMeet(path);
        this.#requireNode(path, expected, old);
        const entry = {
          side: 'local',
          path,
          kind: 'file',
          change: old ? 'overwritten' : 'created',
          ...(old ? { content: await this.#keep(path, context), ...factsOf(old) } : {}),
          ...(before ? { before } : {}),
        } as const;
        await snapshot.record(entry);
        const mode = old?.mode ?? context.mode;
        if (mode !== undefined) await setMode(temporary, mode);
        // The last look, right before the change.
        this.#requireNode(path, expected, await this.#look(path));
        await (old ? rename(temporary, file) : placeNew(temporary, file, path));
        const after = versionOf(await lstat(file));
        await snapshot.record({ ...entry, after });
        return after;
      } finally {
        await rm(temporary, { force: true });
      }
    });
  }

  async remove(path: string, context: ChangeContext): Promise<void> {
    const { expected, snapshot, before } = context;
    const file = this.#fileAt(path);
    await failingAs(path, 'delete', async () => {
      const old = await this.#look(path);
      this.#requireNode(path, expected, old);
      if (!old) return;
      await snapshot.record({
        side: 'local',
        path,
        kind: 'file',
        change: 'deleted',
        content: await this.#keep(path, context),
        ...factsOf(old),
        ...(before ? { before } : {}),
      });
      this.#requireNode(path, expected, await this.#look(path));
      await unlink(file);
    });
  }

  async requireNothing(path: string): Promise<void> {
    await failingAs(path, 'read', async () => {
      if ((await this.#look(path)) && (await this.#spelling.of(path)) === path)
        throw changedMeanwhile(path, where);
    });
  }

  async makeFolder(path: string, context: ChangeContext): Promise<void> {
    this.#fileAt(path);
    await failingAs(path, 'create', async () => {
      await this.#requireNoLinkAround(path);
      await this.#spelling.makeFolders(path, (folder) => recordFolder(folder, context));
    });
  }

  async removeFolder(path: string, { snapshot, before }: ChangeContext): Promise<void> {
    await failingAs(path, 'delete', async () => {
      const stats = await this.#look(path);
      if (!stats) return;
      if (!stats.isDirectory()) throw changedMeanwhile(path, where);
      await rmdir(this.#fileAt(path));
      this.#spelling.forget();
      const entry = { side: 'local', path, kind: 'folder', change: 'deleted' } as const;
      await snapshot.record({ ...entry, ...(before ? { before } : {}) });
    });
  }

  /** What is there now. */
  async look(path: string): Promise<SideNode | undefined> {
    if (await this.#hasLinkAround(path)) return { kind: 'other', why: 'it lies behind a symbolic link' };
    const stats = await this.#lstat(path);
    if (!stats) return undefined;
    return stats.isFile() ? { kind: 'file', version: versionOf(stats) } : otherThanFile(stats);
  }

  /** A path as the disk spells it: an editor may have opened a file under another name. */
  async spelled(path: string): Promise<string> {
    return (await this.#spelling.of(path)) ?? path;
  }

  /** Keeps what is to be overwritten or deleted. Two changes within one tick of the disk have the same time. */
  async #keep(path: string, { expected, snapshot }: ChangeContext): Promise<string> {
    const content = await snapshot.keepLocal(this.#fileAt(path));
    const isOther = expected.hash !== undefined && snapshot.hashOf(content) !== expected.hash;
    if (isOther) throw changedMeanwhile(path, where);
    return content;
  }

  async #require(path: string, expected: Expected): Promise<FileVersion> {
    const stats = await this.#look(path);
    if (!stats) throw changedMeanwhile(path, where);
    this.#requireNode(path, expected, stats);
    return versionOf(stats);
  }

  #requireNode(path: string, { node }: Expected, stats: Stats | undefined): void {
    if (!isAs(node, stats)) throw changedMeanwhile(path, where);
  }

  async #look(path: string): Promise<Stats | undefined> {
    await this.#requireNoLinkAround(path);
    return await this.#lstat(path);
  }

  #lstat(path: string): Promise<Stats | undefined> {
    return lstat(this.#fileAt(path)).catch(ifMissing(undefined));
  }

  async #requireNoLinkAround(path: string): Promise<void> {
    if (await this.#hasLinkAround(path)) throw behindLink(path);
  }

  /** Whether it is in a folder that is a link, which may lead to any place. */
  async #hasLinkAround(path: string): Promise<boolean> {
    for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) {
      if (await this.#isLink(folder)) return true;
    }
    return false;
  }

  async #isLink(path: string): Promise<boolean> {
    return (await this.#lstat(path))?.isSymbolicLink() === true;
  }

  /** @throws RemoteError where that would lead out of the folder */
  #fileAt(path: string): string {
    return placeIn(this.#root, path);
  }
}

function recordFolder(path: string, { snapshot }: ChangeContext): Promise<void> {
  return snapshot.record({ side: 'local', path, kind: 'folder', change: 'created' });
}

function isAs(node: SideNode | undefined, stats: Stats | undefined): boolean {
  if (!node || !stats) return node === undefined && stats === undefined;
  if (node.kind === 'folder') return stats.isDirectory();
  return node.kind === 'file' && stats.isFile() && isSameVersion(node.version, versionOf(stats));
}

function behindLink(path: string): RemoteError {
  const message = `${path} lies behind a symbolic link ${where}, so it was left as it is. Compare again.`;
  return new RemoteError('conflict', path, message);
}

/** What is kept beside the content. */
function factsOf(old: Stats): { readonly mode: number; readonly was: FileVersion } {
  return { mode: old.mode & 0o7777, was: versionOf(old) };
}

/** @returns SHA-256 of what was copied, hexadecimal */
async function copyHashing(from: string, to: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await using target = await open(to, 'wx');
  for await (const chunk of createReadStream(from, signal ? { signal } : {})) {
    hash.update(chunk);
    await target.writeFile(chunk);
  }
  return hash.digest('hex');
}

async function copyWhole(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  await syncFile(to);
  // A copy may bear the time of its source: to build tools a changed file has to look changed.
  const now = new Date();
  await utimes(to, now, now);
}

/** Gives a file its name where there is nothing. A disk without links is trusted to be as it was a moment ago. */
async function placeNew(temporary: string, file: string, path: string): Promise<void> {
  try {
    await link(temporary, file);
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) throw changedMeanwhile(path, where);
    await rename(temporary, file);
  }
}

async function setMode(file: string, mode: number): Promise<void> {
  await using handle = await open(file, 'r');
  await handle.chmod(mode & 0o7777);
}

async function failingAs<Result>(
  path: string,
  operation: 'read' | 'download' | 'delete' | 'create',
  act: () => Promise<Result>,
): Promise<Result> {
  try {
    return await act();
  } catch (error) {
    throw toRemoteError(error, path, operation);
  }
}
