import { lstat, mkdir, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type CrawledFolder, crawlTree, type KnownFolder } from './crawl.ts';
import { downloadEntry } from './downloadEntry.ts';
import { RemoteError } from './errors.ts';
import { type FolderResult, FolderTransfer, type FolderTransferOptions } from './folderTransfer.ts';
import { isSafeLocalName, localPlatform } from './localName.ts';
import { foldsAmong, requireOwnName } from './localNames.ts';
import type { RemoteEntry } from './remoteEntry.ts';
import { parentPath } from './remotePath.ts';
import { treeWidth } from './sideBySide.ts';
import type { TreePorts } from './treePorts.ts';

/**
 * Copies a remote folder into a local one, while it is still being listed. Nothing is written outside of it, whatever
 * names the server sends. C-46
 */
export async function downloadFolder(
  ports: TreePorts,
  path: string,
  localFolder: string,
  options: FolderTransferOptions = {},
  signal?: AbortSignal,
): Promise<FolderResult> {
  const transfer = new FolderTransfer(ports.sessions, 'download', options, signal);
  const crawl = { sessions: transfer.sessions, folders: ports.folders };
  const refused = new Set<string>();
  transfer.openSessions(path, treeWidth);
  try {
    for await (const folder of crawlTree(crawl, path, { enters: hasSafeName }, signal)) {
      if (transfer.isOver) break;
      if (folder.failure && folder.path === path) throw folder.failure;
      const local = join(localFolder, folder.path.slice(path.length));
      const hasPlace = folder.path === path || !refused.has(parentPath(folder.path));
      if (!hasPlace || !(await takeFolder(ports, transfer, folder, local, path))) refused.add(folder.path);
    }
  } finally {
    await transfer.settled();
  }
  return transfer.result(path);
}

/** @returns whether there is a local folder for it now: else what is below it has no place either */
async function takeFolder(
  ports: TreePorts,
  transfer: FolderTransfer,
  folder: CrawledFolder,
  local: string,
  root: string,
): Promise<boolean> {
  if (folder.failure) {
    transfer.failed(folder.path, folder.failure);
    return true;
  }
  if (folder.cutShort !== undefined) transfer.failed(folder.path, cutShort(folder.path, folder.cutShort));
  else if (folder.dropped.length > 0)
    transfer.failed(folder.path, unreadable(folder.path, folder.dropped.length));
  let isNew: boolean;
  try {
    isNew = await makeLocalFolder(local, folder.path);
    // The place that the user has chosen may be called as it likes.
    if (!isNew && folder.path !== root) await requireOwnName(dirname(local), basename(local), folder.path);
  } catch (error) {
    transfer.failed(folder.path, error);
    return false;
  }
  await fill(ports, transfer, folder, local, isNew);
  return true;
}

/** Begins to download what is in a folder. @param isNew nothing was in the local one before */
async function fill(
  ports: TreePorts,
  transfer: FolderTransfer,
  { path, entries }: KnownFolder,
  local: string,
  isNew: boolean,
): Promise<void> {
  const present = isNew ? [] : await readdir(local).catch(() => []);
  const mayMeet = foldsAmong([...present, ...entries.map(({ name }) => name)]);
  const meeting: RemoteEntry[] = [];
  const take = async (entry: RemoteEntry): Promise<void> => {
    const target = join(local, entry.name);
    const bytes = await downloadEntry(ports, transfer, entry, target, { mayReplace: !isNew });
    transfer.done(entry.path, bytes);
  };
  // What takes long is begun early, so that it is not alone at the end.
  for (const entry of entries.toSorted((one, other) => other.size - one.size)) {
    if (!hasSafeName(entry)) transfer.failed(entry.path, unsafe(entry.path));
    else if (entry.type === 'file' && mayMeet(entry.name)) meeting.push(entry);
    else if (entry.type === 'file') await transfer.start(entry.path, () => take(entry));
    else if (entry.type !== 'directory') transfer.skip(entry.path);
  }
  if (meeting.length === 0) return;
  // One after the other, so that what is there can be told from what is not.
  await transfer.start(path, async () => {
    for (const entry of meeting) {
      await transfer.attempt(entry.path, async () => {
        await requireOwnName(local, entry.name, entry.path);
        await take(entry);
      });
    }
  });
}

function hasSafeName({ name }: RemoteEntry): boolean {
  return isSafeLocalName(name, localPlatform());
}

/** A link in the place of a folder would lead what is written elsewhere. @returns whether it was made now */
async function makeLocalFolder(local: string, path: string): Promise<boolean> {
  const made = await mkdir(local, { recursive: true });
  if ((await lstat(local)).isDirectory()) return made !== undefined;
  throw new RemoteError('unsafeName', path, `Cannot download ${path}: ${local} is a link to another folder.`);
}

function unsafe(path: string): RemoteError {
  const message = `${JSON.stringify(path)} was left out: on this computer its name would lead to another folder or is not allowed.`;
  return new RemoteError('unsafeName', path, message);
}

function cutShort(path: string, words: string): RemoteError {
  const message = `${path} has more in it than the server lists, so that it was not downloaded whole: "${words}". Ask its operator to raise that limit.`;
  return new RemoteError('failed', path, message);
}

function unreadable(path: string, count: number): RemoteError {
  return new RemoteError(
    'failed',
    path,
    `${count} entries in ${path} have names or lines that cannot be used.`,
  );
}
