import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ActiveProfile } from '../../src/editor/activeProfile.ts';
import type { ProfileSource } from '../../src/editor/profileLevels.ts';
import type { StoredProfile } from '../../src/editor/profileStore.ts';
import { SyncMarks } from '../../src/editor/sync/syncMarks.ts';
import { SyncPairs } from '../../src/editor/sync/syncPairs.ts';
import { uploadTargets } from '../../src/editor/uploadTargets.ts';
import { systemClock } from '../../src/client/clock.ts';
import { readProfile } from '../../src/remote/profile.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'upload-targets-')));
const first = { address: 'file:///home/anna/first', path: join(root, 'first') };
const second = { address: 'file:///home/anna/second', path: join(root, 'second') };
const folders = [first, second];

/** A file that really is there, below `root`. */
function saved(path: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'saved');
  return file;
}

beforeAll(() => folders.forEach(({ path }) => mkdirSync(path, { recursive: true })));
afterAll(() => rmSync(root, { recursive: true }));

function stored(name: string, source: ProfileSource, sync: unknown): StoredProfile {
  const value = { host: 'h', user: 'u', sync };
  return { name, value, source, result: readProfile(name, value) };
}

function targets(
  profiles: readonly StoredProfile[],
  file: string,
  active = activeAfter(),
  inWorkspace = folders,
) {
  const pairs = new SyncPairs({
    profiles: { all: () => profiles },
    connections: {
      get: () => {
        throw new Error('Nobody is to connect.');
      },
    },
    active,
    marks: new SyncMarks(),
    folders: () => inWorkspace,
    storage: root,
    clock: systemClock,
    limits: () => ({ snapshotLimit: 0, compareLimit: 0 }),
  });
  return uploadTargets(pairs, file, ({ onSave }) => onSave);
}

/** What the user has chosen. */
function activeAfter(chosen?: string): ActiveProfile {
  return new ActiveProfile({ get: () => chosen && [chosen], update: async () => undefined });
}

const workspace: ProfileSource = { level: 'workspace' };
const everything = { local: '', remote: '/www' };
const nested = [everything, { local: 'blog', remote: '/www/posts' }];

/** What all have in common. */
const from = { server: 'u@h:21', localFile: expect.stringContaining(root) };

describe('a saved file', () => {
  it('goes where the mapping of the workspace says', async () => {
    const site = stored('site', workspace, { local: 'dist', remote: '/www' });
    expect(await targets([site], saved('first/dist/css/a.css'))).toEqual([
      { connection: 'site', remotePath: '/www/css/a.css', ...from },
    ]);
  });

  it('goes to the active one of several connections that map it, and nowhere while none is', async () => {
    const both = [
      stored('staging', workspace, everything),
      stored('live', workspace, { local: '', remote: '/' }),
    ];
    const file = saved('first/a.txt');
    expect(await targets(both, file, activeAfter('live'))).toEqual([
      { connection: 'live', remotePath: '/a.txt', ...from },
    ]);
    const undecided: string[] = [];
    const active = activeAfter();
    active.onUndecided.add(({ localFile }) => undecided.push(localFile));
    expect(await targets(both, file, active)).toEqual([]);
    expect(undecided).toEqual([file]);
  });

  it('goes to no other connection because the active one ignores it', async () => {
    const both = [
      stored('staging', workspace, { ...everything, ignore: ['*.log'] }),
      stored('live', workspace, { local: '', remote: '/live' }),
    ];
    expect(await targets(both, saved('first/debug.log'), activeAfter('staging'))).toEqual([]);
    expect(await targets(both, saved('first/debug.log'), activeAfter('live'))).toMatchObject([
      { connection: 'live' },
    ]);
  });

  it.each<[string, ProfileSource, unknown, string]>([
    ['is not mapped', workspace, { local: 'dist', remote: '/' }, 'first/src/a.ts'],
    ['is ignored', workspace, { ...everything, ignore: ['*.log'] }, 'first/a.log'],
    [
      'is ignored by the mapping with the deepest local folder',
      workspace,
      [everything, { local: 'blog', remote: '/posts', ignore: ['*.map'] }],
      'first/blog/a.map',
    ],
    ['would land where another mapping keeps a folder', workspace, nested, 'first/posts/a.txt'],
    ['is mapped, but not on save', workspace, { ...everything, onSave: false }, 'first/a.txt'],
    ['lies outside of the workspace', workspace, everything, 'outside.txt'],
    ['is in another folder than the one that a workspace maps', workspace, everything, 'second/a.txt'],
    [
      'is in another folder than the one whose settings map it',
      { level: 'folder', folders: [second.address] },
      everything,
      'first/a.txt',
    ],
    ['is mapped by the user for every project', { level: 'user' }, everything, 'first/a.txt'],
    ['belongs to a connection that is mounted', { level: 'mounted' }, everything, 'first/a.txt'],
    ['belongs to a connection that is invalid', workspace, [{ local: '../up' }], 'first/a.txt'],
  ])('goes nowhere when it %s', async (_why, source, sync, file) => {
    expect(await targets([stored('site', source, sync)], saved(file))).toEqual([]);
  });

  it('goes nowhere when it is ignored by the file in the folder, or a link leads it out of there', async () => {
    const site = stored('site', workspace, { local: 'rules', remote: '/www' });
    writeFileSync(saved('first/rules/.ftpsignore'), '*.key');
    expect(await targets([site], saved('first/rules/a.key'))).toEqual([]);
    const link = join(first.path, 'rules', 'link.txt');
    symlinkSync(saved('first/secret.txt'), link);
    expect(await targets([site], link)).toEqual([]);
    expect(await targets([site], saved('first/rules/a.txt'))).toMatchObject([{ remotePath: '/www/a.txt' }]);
  });

  it('goes nowhere when a mapping has it in the place of a folder', async () => {
    const site = stored('site', workspace, [everything, { local: 'page.html', remote: '/www/page.html' }]);
    expect(await targets([site], saved('first/page.html'))).toEqual([]);
  });

  it('counts in the folder whose settings map it', async () => {
    const site = stored('site', { level: 'folder', folders: [second.address] }, everything);
    expect(await targets([site], saved('second/a.txt'))).toEqual([
      { connection: 'site', remotePath: '/www/a.txt', ...from },
    ]);
  });

  it('counts in each of several folders whose settings map it, such as two worktrees', async () => {
    const both = folders.map(({ address }) => address);
    const site = stored('site', { level: 'folder', folders: both }, everything);
    for (const folder of ['first', 'second']) {
      expect(await targets([site], saved(`${folder}/css/a.css`))).toEqual([
        {
          ...from,
          connection: 'site',
          localFile: join(root, folder, 'css/a.css'),
          remotePath: '/www/css/a.css',
        },
      ]);
    }
  });

  it('belongs to the inner one of two folders that lie in each other and map it', async () => {
    const inner = { address: 'file:///home/anna/first/inner', path: join(root, 'first/inner') };
    const source = { level: 'folder', folders: [first.address, inner.address] } as const;
    const site = stored('site', source, { ...everything, ignore: ['/skipped.txt'] });
    const inWorkspace = [first, inner];
    expect(await targets([site], saved('first/inner/a.txt'), activeAfter(), inWorkspace)).toEqual([
      { connection: 'site', remotePath: '/www/a.txt', ...from },
    ]);
    expect(await targets([site], saved('first/a.txt'), activeAfter(), inWorkspace)).toEqual([
      { connection: 'site', remotePath: '/www/a.txt', ...from },
    ]);
    expect(await targets([site], saved('first/inner/skipped.txt'), activeAfter(), inWorkspace)).toEqual([]);
  });
});
