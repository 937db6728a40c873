import { describe, expect, it, vi } from 'vitest';
import { fileCommands } from '../../../src/editor/commands/fileCommands.ts';
import type { EntryNode } from '../../../src/editor/tree/treeNode.ts';
import { user } from '../support/fakeEditor.ts';
import { rowOf, TwoConnections } from '../support/twoConnections.ts';

vi.mock('vscode', () => import('../support/fakeEditor.ts'));

async function startWith(...names: readonly string[]): Promise<TwoConnections> {
  const at = await TwoConnections.start();
  for (const name of names) {
    await at.production.seed(name);
    await at.staging.seed(name);
  }
  return at;
}

async function deleted(at: TwoConnections, ...rows: readonly EntryNode[]): Promise<void> {
  await fileCommands(at.targets)['ftps.delete']?.(rows[0], rows);
}

describe('the question before files are deleted', () => {
  it('names each connection, and which of the files is on which', async () => {
    await using at = await startWith('www/index.php', 'stays.txt');
    user.buttons = ['Delete'];
    await deleted(at, rowOf('staging', '/www/index.php'), rowOf('production', '/www/index.php'));
    expect(user.asked).toEqual([
      'Delete these 2 files and folders from staging and production?',
      'staging: /www/index.php',
      'production: /www/index.php',
      'This cannot be undone.',
    ]);
    expect([await at.staging.names('www'), await at.production.names('www')]).toEqual([[], []]);
  });

  it('names the one connection once, and deletes nothing when it is called off', async () => {
    await using at = await startWith('a.txt', 'b.txt');
    await deleted(at, rowOf('staging', '/a.txt'), rowOf('staging', '/b.txt'));
    await deleted(at, rowOf('staging', '/a.txt'));
    expect(user.asked).toEqual([
      'Delete these 2 files and folders from staging?',
      '/a.txt',
      '/b.txt',
      'This cannot be undone.',
      'Delete "a.txt" from staging?',
      'This cannot be undone.',
    ]);
    expect(await at.staging.names()).toEqual(['a.txt', 'b.txt']);
  });
});
