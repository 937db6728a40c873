import type { ListOptions } from '../remote/folderReader.ts';
import type { RemoteEntry } from '../remote/remoteEntry.ts';
import type { RemoteFileSystem } from '../remote/remoteFileSystem.ts';

/** Links that are followed for one folder; each costs a question. */
const followedLinks = 100;

/** The entries of a folder, with what its links lead to: a listing alone does not say whether a link is a folder. */
export async function listFolder(
  files: Pick<RemoteFileSystem, 'list' | 'stat'>,
  path: string,
  options: ListOptions = {},
): Promise<readonly RemoteEntry[]> {
  const { entries } = await files.list(path, options);
  const unknown = entries
    .filter(({ type, targetType }) => type === 'link' && targetType === undefined)
    .slice(0, followedLinks);
  if (unknown.length === 0) return entries;
  const followed = await Promise.all(unknown.map((entry) => follow(files, entry)));
  const byPath = new Map(followed.map((entry) => [entry.path, entry]));
  return entries.map((entry) => byPath.get(entry.path) ?? entry);
}

/** A link that leads nowhere stays as it was listed. */
async function follow(files: Pick<RemoteFileSystem, 'stat'>, entry: RemoteEntry): Promise<RemoteEntry> {
  try {
    const { targetType, linkTarget, size, modifiedAt } = await files.stat(entry.path);
    if (targetType === undefined) return entry;
    return { ...entry, targetType, size, modifiedAt, ...(linkTarget === undefined ? {} : { linkTarget }) };
  } catch {
    return entry;
  }
}
