import { describe, expect, it, vi } from 'vitest';
import { Listeners } from '../../src/editor/listeners.ts';
import { registerActiveProfile } from '../../src/editor/registerActiveProfile.ts';
import { readProfile } from '../../src/remote/profile.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { PairSite } from '../sync/support/pairSite.ts';
import { SitePairs } from './support/sitePairs.ts';

/** What the status bar shows, and what the user is told. */
const seen = new Listeners<string>();

vi.mock('vscode', async () => {
  const { window, ...editor } = await import('./support/fakeEditor.ts');
  const createStatusBarItem = () => ({
    text: '',
    show() {
      seen.tell(this.text);
    },
    dispose: () => undefined,
  });
  const onDidChangeActiveTextEditor = () => ({ dispose: () => undefined });
  return {
    ...editor,
    StatusBarAlignment: { Left: 1 },
    window: { ...window, createStatusBarItem, onDidChangeActiveTextEditor, activeTextEditor: undefined },
  };
});

describe('the active connection in the status bar', () => {
  it('is shown as soon as what shows it could be loaded after all', async () => {
    await using at = await PairSite.start();
    const sync = { remote: '/' };
    await using pairs = new SitePairs(at, { site: sync });
    const value = { host: 'ftp.example.com', user: 'anna', sync };
    const result = readProfile('site', value);
    const profiles = {
      all: () => [{ name: 'site', value, source: { level: 'workspace' }, result } as const],
      onDidChange: new Listeners<void>(),
    };
    const get = vi.fn<() => Promise<SitePairs>>().mockRejectedValueOnce(new Error('not loaded'));
    const clock = new FakeClock();
    const registration = registerActiveProfile({
      pairs: { get: get.mockResolvedValue(pairs), active: pairs.active },
      profiles,
      clock,
      report: async (error) => seen.tell(String(error)),
    });
    const next = (): Promise<string> =>
      new Promise((resolve) => {
        seen.add(resolve);
        profiles.onDidChange.tell();
        clock.advance(0);
      });
    expect(await next()).toBe('Error: not loaded');
    expect(await next()).toContain('FTPS: site');
    registration.dispose();
  });
});
