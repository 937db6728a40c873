import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { deletedHere } from '../../src/sync/deletedHere.ts';
import { agreed } from './support/trees.ts';

it('what is deleted here costs no question to the ignore rules about what is not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ftps-sync-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const names = ['a.txt', 'css/a.css', 'css/deep/b.css', 'css2/c.css', 'deep/css/d.css'];
  const asked: string[] = [];
  const steps = await deletedHere(
    {
      baseline: new Map(names.map((name) => [name, agreed(1)])),
      rules: {
        ignores: (path) => {
          asked.push(path);
          return path === 'css/a.css';
        },
      },
      local: { look: async (path) => (path === '' ? { kind: 'folder' } : undefined) },
      folder,
    },
    ['css', 'a.txt', 'never.txt'],
  );
  expect(asked.toSorted()).toEqual(['a.txt', 'css/a.css', 'css/deep/b.css']);
  expect(steps.map(({ path }) => path)).toEqual(['css/deep/b.css', 'a.txt']);
});
