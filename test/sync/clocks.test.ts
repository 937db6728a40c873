import { utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { PlanOptions } from '../../src/sync/planStep.ts';
import { DiskFiles, type ServerHabits } from './model/diskFiles.ts';
import { World } from './model/world.ts';

const hour = 3_600_000;
const far = 7 * hour + 13 * 60_000;
const both: PlanOptions = { direction: 'both', deleteExtra: true, onlyNewer: false, existingOnly: false };

/** Both sides have the same old file, and know it. */
async function inStep(world: World, server: DiskFiles): Promise<void> {
  await world.edit({ side: 'local', path: 'a', deed: 'write', size: 0 });
  await using sync = world.sync(server.files);
  const { steps } = await sync.review(both);
  await sync.apply(steps);
}

async function plan(world: World, server: DiskFiles): Promise<string[]> {
  await using sync = world.sync(server.files);
  const { steps } = await sync.review(both);
  return steps.map(({ path, action }) => `${action} ${path}`);
}

describe.each([
  ['whose clock is ahead by 7 h 13 min', { skew: far, source: 'facts' }],
  ['whose clock is behind by 7 h 13 min', { skew: -far, source: 'facts' }],
  ['which tells minutes only', { skew: 0, source: 'list' }],
  ['which tells minutes only, 7 h 13 min ahead', { skew: far, source: 'list' }],
] as const satisfies readonly [string, ServerHabits][])('a server %s', (_, habits) => {
  it('has no file that counts as changed which is not, today or half a year later', async () => {
    using world = World.create();
    const server = new DiskFiles(world.folder('remote'), habits, () => world.now);
    await inStep(world, server);
    expect(await plan(world, server)).toEqual([]);
    world.pass(200 * 24 * hour);
    expect(await plan(world, server)).toEqual([]);
  });

  it.each([0, 30_000, 3 * 24 * hour])('has no change that is missed, %d ms later', async (later) => {
    using world = World.create();
    const server = new DiskFiles(world.folder('remote'), habits, () => world.now);
    await inStep(world, server);
    world.pass(later);
    // Of the same size.
    await world.edit({ side: 'remote', path: 'a', deed: 'write', size: 0 });
    expect(await plan(world, server)).toEqual(['download a']);
  });

  it('has no change that is missed within the time that a version lasts', async () => {
    using world = World.create();
    const server = new DiskFiles(world.folder('remote'), habits, () => world.now);
    await inStep(world, server);
    const file = `${world.folder('remote')}/a`;
    const now = new Date(world.now);
    await utimes(file, now, now);
    expect(await plan(world, server)).toEqual([]);
    await writeFile(file, '9999');
    await utimes(file, now, now);
    expect(await plan(world, server)).toEqual(['download a']);
  });
});

describe('a server that lists local times', () => {
  it.each([hour, -hour])('may begin or end summer time: %d ms', async (moved) => {
    using world = World.create();
    const winter = new DiskFiles(world.folder('remote'), { skew: 0, source: 'list' }, () => world.now);
    await inStep(world, winter);
    world.pass(90 * 24 * hour);
    const summer = new DiskFiles(world.folder('remote'), { skew: moved, source: 'list' }, () => world.now);
    expect(await plan(world, summer)).toEqual([]);
    await world.edit({ side: 'remote', path: 'a', deed: 'write', size: 0 });
    expect(await plan(world, summer)).toEqual(['download a']);
  });
});

describe('a disk that counts in seconds', () => {
  it('hides no change that comes while the file is on its way, within the second of the one before', async () => {
    using world = World.create();
    const server = new DiskFiles(world.folder('remote'), { skew: 0, source: 'facts' }, () => world.now);
    const file = `${world.folder('local')}/a`;
    const second = new Date(Math.floor(world.now / 1000) * 1000);
    const write = async (content: string): Promise<void> => {
      await writeFile(file, content);
      await utimes(file, second, second);
    };
    await write('one');
    const { upload } = server.files;
    const slow: typeof upload = async (...call) => {
      const saved = await upload(...call);
      await write('two');
      world.pass(60_000);
      return saved;
    };
    await using sync = world.sync({ ...server.files, upload: slow });
    await sync.apply((await sync.review(both)).steps);
    expect(await plan(world, server)).toEqual(['upload a']);
  });
});
