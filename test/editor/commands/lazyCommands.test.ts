import { afterEach, describe, expect, it, vi } from 'vitest';
import { lazyCommands } from '../../../src/editor/commands/lazyCommands.ts';
import { registerSync } from '../../../src/editor/sync/registerSync.ts';
import { PairSite } from '../../sync/support/pairSite.ts';
import { commands, user } from '../support/fakeEditor.ts';
import { SitePairs } from '../support/sitePairs.ts';
import { TwoConnections } from '../support/twoConnections.ts';

vi.mock('vscode', () => import('../support/fakeEditor.ts'));

const done: string[] = [];
const told: string[] = [];

afterEach(() => {
  done.length = 0;
  told.length = 0;
});

async function report(error: unknown): Promise<void> {
  told.push(String(error));
}

/** Commands of which each load ends as it is told. */
function register(...loads: readonly ('works' | 'fails')[]) {
  const load =
    vi.fn<() => Promise<Readonly<Record<'open' | 'fail', (...values: unknown[]) => Promise<void>>>>>();
  for (const ends of loads) {
    load.mockImplementationOnce(async () => {
      if (ends === 'fails') throw new Error('not loaded');
      return {
        open: async (...values) => void done.push(`open ${values.join(' ')}`),
        fail: async () => {
          throw new Error('failed');
        },
      };
    });
  }
  return { load, registration: lazyCommands(['open', 'fail'], load, report) };
}

describe('commands that are loaded late', () => {
  it('load nothing before one of them is used, and once for all', async () => {
    const { load } = register('works');
    expect(load).not.toHaveBeenCalled();
    await Promise.all([commands.executeCommand('open', 'a', 'b'), commands.executeCommand('open', 'c')]);
    await commands.executeCommand('fail');
    expect(load).toHaveBeenCalledOnce();
    expect([done, told]).toEqual([['open a b', 'open c'], ['Error: failed']]);
  });

  it('are loaded once more when the first time has failed, which is told', async () => {
    const { load } = register('fails', 'works');
    await Promise.all([commands.executeCommand('open', 'a'), commands.executeCommand('open', 'b')]);
    expect([done, told]).toEqual([[], ['Error: not loaded', 'Error: not loaded']]);
    await commands.executeCommand('open', 'c');
    await commands.executeCommand('open', 'd');
    expect(done).toEqual(['open c', 'open d']);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('end with their registration', async () => {
    const { load, registration } = register('works');
    registration.dispose();
    await commands.executeCommand('open', 'a');
    expect(load).not.toHaveBeenCalled();
  });
});

describe('the commands of the Sync view', () => {
  it('work again when what they need could not be loaded the first time', async () => {
    await using at = await PairSite.start();
    await using pairs = new SitePairs(at, { site: { remote: '/' } });
    await using two = await TwoConnections.start();
    const get = vi.fn<() => Promise<SitePairs>>().mockRejectedValueOnce(new Error('not loaded'));
    const unused = (): never => {
      throw new Error('Nobody is to log anything.');
    };
    registerSync({
      pairs: { get: get.mockResolvedValue(pairs), active: pairs.active },
      profiles: two.profiles,
      connections: two.connections,
      log: { info: unused, error: unused, show: unused },
      report,
    });
    await commands.executeCommand('ftps.syncDiscard');
    expect(told).toEqual(['Error: not loaded']);
    await commands.executeCommand('ftps.syncDiscard');
    expect(told).toHaveLength(1);
    expect(user.shown).toContain('setContext ftps.syncState none');
  });
});
