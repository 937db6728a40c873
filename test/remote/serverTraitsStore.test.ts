import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newServerTraits, type ServerTraits } from '../../src/client/serverTraits.ts';
import type { KnownServer } from '../../src/remote/knownServer.ts';
import { type Profile, readProfile } from '../../src/remote/profile.ts';
import { ServerTraitsStore } from '../../src/remote/serverTraitsStore.ts';
import { FakeClock } from '../support/fakeClock.ts';

let base: string;
let folder: string;
let clock: FakeClock;
let logged: string[];

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'ftps-traits-'));
  folder = join(base, 'servers');
  clock = new FakeClock(Date.now());
  logged = [];
});
afterEach(() => rm(base, { recursive: true }));

function store(most?: number): ServerTraitsStore {
  const log = { debug: (line: string) => void logged.push(line) };
  return new ServerTraitsStore({ folder, clock, log, ...(most === undefined ? {} : { most }) });
}

function profile(change: object = {}, name = 'site'): Profile {
  const result = readProfile(name, { host: 'ftp.example.com', user: 'anna', ...change });
  if (!result.ok) throw new Error(result.problems.join());
  return result.profile;
}

/** As a session does that finds something out. */
function learn(server: KnownServer, found: Partial<ServerTraits>): Promise<ServerTraits> {
  return server.open(async (traits) => Object.assign(traits, found));
}

/** As a session sees it that begins. */
async function known(of = profile(), by = store()): Promise<ServerTraits> {
  return { ...(await learn(await by.recall(of), {})) };
}

async function keep(of: Profile, found: Partial<ServerTraits>, by = store()): Promise<void> {
  await learn(await by.recall(of), found);
  await by.flush();
}

describe('what was learnt about a server', () => {
  it('is known in the next run, the most sessions that it bears too', async () => {
    const first = store();
    const server = await first.recall(profile());
    server.learnLimit({ sessions: 2, at: 7 });
    await learn(server, { extendedPassive: false });
    await first.flush();
    const next = await store().recall(profile());
    expect(next.learntLimit).toEqual({ sessions: 2, at: 7 });
    expect(await known()).toEqual({ ...newServerTraits(), extendedPassive: false });
  });

  it('is written a moment after it changed, whole, and leaves nothing else', async () => {
    const first = store();
    await learn(await first.recall(profile()), { extendedPassive: false, active: true });
    expect(clock.pending()).toEqual([1000]);
    clock.advance(1000);
    await first.flush();
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.json$/)]);
    expect(await known()).toMatchObject({ extendedPassive: false, active: true });
  });

  it('is bound to host, port, security and user, and not to the name or the folder of the profile', async () => {
    await keep(profile(), { extendedPassive: false });
    expect(
      (await known(profile({ host: 'FTP.example.com', remotePath: '/www' }, 'other'))).extendedPassive,
    ).toBe(false);
    for (const change of [{ host: 'b.example.com' }, { port: 2121 }, { security: 'none' }, { user: 'ben' }]) {
      expect((await known(profile(change))).extendedPassive).toBe(true);
    }
  });

  it.each([{ passiveCommand: 'PASV' }, { tls: { maxVersion: 'TLSv1.2' } }])(
    'is forgotten when the profile says %j from now on',
    async (change) => {
      const both = store();
      await learn(await both.recall(profile()), { extendedPassive: false });
      expect(await known(profile(change), both)).toEqual(newServerTraits());
      await keep(profile(change), { active: true }, both);
      clock.advance(1000);
      await both.flush();
      expect(await known()).toEqual(newServerTraits());
      expect((await known(profile(change))).active).toBe(true);
    },
  );

  it('is shared by all connections of one window, from the first moment', async () => {
    const one = store();
    const [a, b] = await Promise.all([one.recall(profile()), one.recall(profile({}, 'other'))]);
    expect(a).toBe(b);
  });

  it('is forgotten on request, and not written again by a session that still stands', async () => {
    const one = store();
    const server = await one.recall(profile());
    await learn(server, { extendedPassive: false });
    await one.forget(profile());
    await learn(server, { active: true });
    clock.advance(1000);
    await one.flush();
    expect([await known(profile(), one), await known()]).toEqual([newServerTraits(), newServerTraits()]);
  });

  it('holds no password and no certificate', async () => {
    await keep(profile({ login: { account: 'acct-1' }, tls: { ca: ['/ca.pem'] } }), { active: true });
    const [name = ''] = await readdir(folder);
    expect(await readFile(join(folder, name), 'utf8')).not.toMatch(/acct-1|ca\.pem/);
  });

  it('of the servers that were not used for longest goes when there are too many', async () => {
    const one = store(2);
    await keep(profile({ port: 1 }), { active: true }, one);
    await keep(profile({ port: 2 }), { active: true }, one);
    for (const name of await readdir(folder)) await utimes(join(folder, name), 1000, 1000);
    await known(profile({ port: 1 }));
    await keep(profile({ port: 3 }), { active: true }, one);
    const active = [1, 2, 3].map(async (port) => (await known(profile({ port }))).active);
    expect(await Promise.all(active)).toEqual([true, false, true]);
  });
});

describe('windows side by side', () => {
  it('lose nothing of different servers and break no file, however their writing falls together', async () => {
    const windows = Array.from({ length: 6 }, () => store());
    await Promise.all(
      windows.flatMap((window, index) => [
        keep(profile({ port: 100 + index }), { timeOffset: index }, window),
        keep(profile(), { timeOffset: index }, window),
      ]),
    );
    const own = await Promise.all(windows.map((_, index) => known(profile({ port: 100 + index }))));
    expect(own.map(({ timeOffset }) => timeOffset)).toEqual([0, 1, 2, 3, 4, 5]);
    expect([0, 1, 2, 3, 4, 5]).toContain((await known()).timeOffset);
    expect((await readdir(folder)).filter((name) => !name.endsWith('.json'))).toEqual([]);
  });
});

describe('a store that cannot be used', () => {
  it.each(['', '{"version":1,"server', '[]', '\0\0\0'])(
    'because a file holds %j is as good as none',
    async (text) => {
      await keep(profile(), { extendedPassive: false });
      const [name = ''] = await readdir(folder);
      await writeFile(join(folder, name), text);
      expect(await known()).toEqual(newServerTraits());
      await keep(profile(), { active: true });
      expect(await known()).toEqual({ ...newServerTraits(), active: true });
    },
  );

  it('because its place is taken by a file says so in the log, and stops nothing', async () => {
    await writeFile(folder, 'in the way');
    const one = store();
    await keep(profile(), { active: true }, one);
    await one.forget(profile());
    expect(await known()).toEqual(newServerTraits());
    expect(logged.join('\n')).toMatch(/could not be kept: Error: (ENOTDIR|EEXIST)/);
  });

  it('because a folder stands where the file belongs leaves no half-written file behind', async () => {
    await keep(profile(), { active: true });
    const [name = ''] = await readdir(folder);
    await rm(join(folder, name));
    await mkdir(join(folder, name, 'inside'), { recursive: true });
    await keep(profile(), { active: true });
    expect(await readdir(folder)).toEqual([name]);
    expect(logged).toHaveLength(1);
  });
});
