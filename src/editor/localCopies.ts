import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { baseName } from '../remote/remotePath.ts';

/**
 * Keeps what is saved in a local folder, for as long as it has to be written over the only copy on the server.
 *
 * @returns what removes the copy again
 */
export async function keepLocalCopy(
  folder: string,
  path: string,
  content: Uint8Array,
  log: { info(line: string): void },
): Promise<() => Promise<void>> {
  const place = join(folder, randomUUID());
  await mkdir(place, { recursive: true, mode: 0o700 });
  const file = join(place, baseName(path).replaceAll(/[^\p{L}\p{N}._ -]/gu, '_'));
  await writeFile(file, content, { mode: 0o600 });
  log.info(
    `${path} is written directly; until that is done and verified, its new version is also in ${file}`,
  );
  return () => rm(place, { recursive: true, force: true });
}
