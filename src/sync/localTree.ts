import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RemoteError } from '../remote/errors.ts';
import { inParts } from '../remote/sideBySide.ts';
import type { IgnoreRules } from './ignoreRules.ts';
import { otherThanFile, versionOf } from './localVersion.ts';
import { isAbandoned } from './ownTemporary.ts';
import type { SideNode, SideTree } from './sideTree.ts';

/** How many files of a folder are looked at side by side. */
const width = 32;

/**
 * Looks at a local folder and all below it. Links are told and not followed; what cannot be read is unknown. Unfinished
 * files that a crash of the product left behind are removed.
 */
export async function readLocalTree(
  root: string,
  rules: IgnoreRules,
  signal?: AbortSignal,
): Promise<SideTree> {
  const nodes = new Map<string, SideNode>();
  const unknown = new Set<string>();
  const ignoring = new Set<string>();
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    signal?.throwIfAborted();
    const found = await entriesOf(root, folder);
    // Without its folder nothing of a pair is known: an unmounted disk must not look like a deletion.
    if (!found && folder === '') throw unreadable(root);
    if (!found) unknown.add(folder);
    for (const { path, entry, stats } of found ?? []) {
      if (entry.isFile() && isAbandoned(entry.name)) {
        await rm(join(root, path), { force: true });
        continue;
      }
      if (rules.ignores(path, entry.isDirectory())) {
        ignoring.add(folder);
        continue;
      }
      const node = nodeOf(path, entry, stats);
      if (node) nodes.set(path, node);
      else unknown.add(folder);
      if (node?.kind === 'folder') waiting.push(path);
    }
  }
  return { nodes, unknown, ignoring };
}

interface Found {
  readonly path: string;
  readonly entry: Dirent;
  readonly stats: Stats | undefined;
}

async function entriesOf(root: string, folder: string): Promise<Found[] | undefined> {
  const place = join(root, ...folder.split('/'));
  let entries: Dirent[];
  try {
    entries = await readdir(place, { withFileTypes: true });
  } catch {
    return undefined;
  }
  const found: Found[] = [];
  for (const part of inParts(entries, width)) {
    const some = part.map(async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const stats = entry.isFile() ? await lstat(join(place, entry.name)).catch(() => undefined) : undefined;
      return { path, entry, stats };
    });
    found.push(...(await Promise.all(some)));
  }
  return found;
}

/** @returns undefined for what has gone, or become something else, since its folder was read */
function nodeOf(path: string, entry: Dirent, stats: Stats | undefined): SideNode | undefined {
  // A command of FTP is one line.
  if (/\p{Cc}/u.test(path)) return { kind: 'other', why: 'its name holds a control character' };
  if (!entry.isFile()) return otherThanFile(entry);
  return stats?.isFile() ? { kind: 'file', version: versionOf(stats) } : undefined;
}

function unreadable(root: string): RemoteError {
  const message = `The folder ${root} cannot be read, so nothing was compared. Check that it is there, and "local" in the connection's "sync".`;
  return new RemoteError('notFound', '/', message);
}
