import type { RemoteEntry } from './remoteEntry.ts';
import { parentPath, resolveLinkTarget } from './remotePath.ts';

const mostHops = 8;

/** What is asked on the way along a link; both answer undefined when there is nothing. */
interface LinkQuestions<Found extends RemoteEntry> {
  /** What is at a path, links not followed. */
  ask(path: string): Promise<Found | undefined>;
  /** What a folder is by the listing that it is in. */
  kindOf(folder: string): Promise<RemoteEntry | undefined>;
}

/**
 * What is at the end of a link, or of a chain of them. Undefined where only the server can follow it: it leads nowhere,
 * its target is not told, or told as the server's own disk names it, or `..` in it may begin in another folder than the
 * path says.
 */
export async function walkLink<Found extends RemoteEntry>(
  link: RemoteEntry,
  questions: LinkQuestions<Found>,
): Promise<Found | undefined> {
  let entry: RemoteEntry = link;
  for (let hop = 0; hop < mostHops && entry.linkTarget !== undefined; hop++) {
    if (!(await isMeantAsWritten(entry.path, entry.linkTarget, questions))) return undefined;
    const target = await questions.ask(resolveLinkTarget(entry.path, entry.linkTarget));
    if (target?.type !== 'link') return target;
    entry = target;
  }
  return undefined;
}

/** Servers climb from where a folder really is: `..` may be taken out of a path only behind what is no link itself. */
async function isMeantAsWritten(
  path: string,
  target: string,
  { kindOf }: Pick<LinkQuestions<RemoteEntry>, 'kindOf'>,
): Promise<boolean> {
  const segments = target.split('/').filter((segment) => segment !== '' && segment !== '.');
  const down = segments.findIndex((segment) => segment !== '..');
  const climbs = down < 0 ? segments.length : down;
  if (segments.slice(climbs).includes('..') || (climbs > 0 && target.startsWith('/'))) return false;
  let folder = path;
  for (let climb = 0; climb < climbs; climb++) {
    folder = parentPath(folder);
    if (folder === '/' || (await kindOf(folder))?.type !== 'directory') return false;
  }
  return true;
}
