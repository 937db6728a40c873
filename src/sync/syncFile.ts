import { open } from 'node:fs/promises';

/** Resolves when the disk has what was written to the file. */
export async function syncFile(file: string): Promise<void> {
  await using handle = await open(file, 'r+');
  await handle.sync();
}
