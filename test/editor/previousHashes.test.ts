import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PreviousHashes } from '../../src/editor/previousHashes.ts';
import { hashOf } from '../../src/sync/hashOf.ts';

it('what a file held before the editor saved it is known afterwards, once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ftps-previous-'));
  const file = join(folder, 'a.txt');
  const hashes = new PreviousHashes();
  await hashes.look(file);
  expect(await hashes.take(file)).toBeUndefined();
  await writeFile(file, 'before');
  const before = await hashOf(file);
  await hashes.look(file);
  await writeFile(file, 'after');
  expect(await hashes.take(file)).toBe(before);
  expect(await hashes.take(file)).toBeUndefined();
  await rm(folder, { recursive: true });
});
