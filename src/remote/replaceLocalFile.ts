import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { temporaryName } from './temporaryName.ts';

/**
 * Fills a local file that appears, or changes, only when it is whole; one that it replaces hands on its permissions.
 * @param fill writes the content; where it answers undefined nothing is replaced
 * @throws what `fill` throws, Error of the system; then nothing is left of it
 */
export async function replaceLocalFile<Result>(
  target: string,
  fill: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  const temporary = join(dirname(target), temporaryName(basename(target)));
  const file = await open(temporary, 'wx');
  try {
    const result = await filled(file, target, fill);
    if (result === undefined) await rm(temporary);
    else await rename(temporary, target);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function filled<Result>(
  file: FileHandle,
  target: string,
  fill: (file: FileHandle) => Promise<Result>,
): Promise<Result> {
  await using closing = file;
  const result = await fill(closing);
  const old = result === undefined ? undefined : await lstat(target).catch(() => undefined);
  if (!old) return result;
  if (old.isFile()) await closing.chmod(old.mode & 0o7777);
  // What it replaces may exist nowhere else; it goes only once the new content is on the disk.
  await closing.sync();
  return result;
}
