import { describe, expect, it, vi } from 'vitest';
import { fileCommands } from '../../../src/editor/commands/fileCommands.ts';
import { user } from '../support/fakeEditor.ts';
import { rowOf, TwoConnections } from '../support/twoConnections.ts';

vi.mock('vscode', () => import('../support/fakeEditor.ts'));

const staging = { kind: 'connection', connection: 'staging', generation: 0 } as const;

describe('what is selected together with what it lies in', () => {
  it.each([
    ['a folder', rowOf('staging', '/www', 'directory')],
    ['a connection', staging],
  ])('is part of that: %s', async (_, outer) => {
    await using at = await TwoConnections.start();
    const rows = [
      rowOf('staging', '/www/a.txt'),
      outer,
      rowOf('staging', '/www2.txt'),
      rowOf('production', '/www/a.txt'),
    ];
    const found = await at.targets.several([outer, rows], 'Download');
    const rest = outer === staging ? ['staging /'] : ['staging /www', 'staging /www2.txt'];
    expect(found.map(({ connection, path }) => `${connection.profile.name} ${path}`)).toEqual([
      ...rest,
      'production /www/a.txt',
    ]);
  });

  it('is what is deleted where that cannot be deleted itself', async () => {
    await using at = await TwoConnections.start();
    await at.staging.seed('www/a.txt');
    await at.staging.seed('www/b.txt');
    const file = rowOf('staging', '/www/a.txt');
    user.buttons = ['Delete'];
    await fileCommands(at.targets)['ftps.delete']?.(file, [staging, file]);
    expect(user.asked[0]).toBe('Delete "a.txt" from staging?');
    expect(await at.staging.names('www')).toEqual(['b.txt']);
  });
});
