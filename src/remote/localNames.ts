import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RemoteError } from './errors.ts';
import { foldedName } from './foldedName.ts';

/**
 * Refuses a name that the local disk takes for that of something else there: what is written to it would be written
 * over that.
 * @param path of what is downloaded, on the server
 * @throws RemoteError `unsafeName`, Error of the system
 */
export async function requireOwnName(folder: string, name: string, path: string): Promise<void> {
  const isThere = await lstat(join(folder, name)).then(
    () => true,
    () => false,
  );
  if (isThere && !(await readdir(folder)).includes(name)) throw namesMeet(path, 'this computer');
}

/** Whether some of the names may be one and the same to a disk. */
export function foldsAmong(names: Iterable<string>): (name: string) => boolean {
  const spellings = new Map<string, string>();
  const meeting = new Set<string>();
  for (const name of names) {
    const folded = foldedName(name);
    if ((spellings.get(folded) ?? name) !== name) meeting.add(folded);
    spellings.set(folded, name);
  }
  return (name) => meeting.has(foldedName(name));
}

/** @param taker whoever takes two names for one */
export function namesMeet(path: string, taker: 'this computer' | 'the server'): RemoteError {
  const message = `${path} was left out: ${taker} takes its name for another one there, which differs in case or Unicode form alone. Rename one of the two.`;
  return new RemoteError('unsafeName', path, message);
}
