import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isTemporaryName } from '../../src/remote/temporaryName.ts';
import { type Channel, type Cut, CuttingProxy, type Direction } from './support/cuttingProxy.ts';
import { renamesOverNothing } from './support/oddServers.ts';
import { anyway, Site, type SiteOptions } from './support/site.ts';

const oldContent = 'old '.repeat(700);
const newContent = new TextEncoder().encode('the new one '.repeat(350));

let site: Site;
let proxy: CuttingProxy;

afterEach(async () => {
  await site[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

/** Ports in a row that are free at both addresses now. */
async function freePorts(count: number): Promise<[number, number]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 30_000);
    const probes = Array.from({ length: count }, (_, index) => createServer().listen(first + index));
    const results = await Promise.allSettled(probes.map((probe) => once(probe, 'listening')));
    await Promise.all(probes.filter((probe) => probe.listening).map((probe) => once(probe.close(), 'close')));
    if (results.every((result) => result.status === 'fulfilled')) return [first, first + count - 1];
  }
  throw new Error('There are no free ports.');
}

async function start(version: 'TLSv1.2' | 'TLSv1.3', options: SiteOptions = {}): Promise<void> {
  const [control, last] = await freePorts(12);
  const passivePorts = [control + 1, last] as const;
  proxy = await CuttingProxy.start(control, passivePorts);
  site = await Site.start({
    ...options,
    server: {
      port: control,
      passivePorts,
      minVersion: version,
      maxVersion: version,
      truncatedUpload: 'keep',
    },
    through: () => ({ host: proxy.host, port: control }),
  });
}

/** Saves the new content over the old; whatever happens, the server must have one or the other, whole. */
async function saveOverOld(): Promise<'saved' | 'failed'> {
  let outcome: 'saved' | 'failed' = 'saved';
  try {
    await site.files.writeFile('/site.css', newContent, anyway);
  } catch {
    outcome = 'failed';
  }
  return outcome;
}

/** Bytes of one undisturbed save on a warm session. */
async function measure(channel: Channel, direction: Direction): Promise<number> {
  await site.seed('site.css', oldContent);
  await saveOverOld();
  await site.seed('site.css', oldContent);
  proxy.arm(undefined);
  expect(await saveOverOld()).toBe('saved');
  return proxy.passed(channel, direction);
}

/** Every byte with FTPS_CUT_STEP=1, as `npm run soak` has it. */
const longestStep = Number(process.env['FTPS_CUT_STEP'] ?? 1000);
/** Milliseconds for a test, however slow the machine: some cuts cost a look that is put off. */
const patience = { timeout: longestStep < 1000 ? 30 * 60_000 : 60_000 };

/** Every `step`-th byte, and each of the first and last few, where the decisions fall. */
function positions(total: number, step: number): number[] {
  const edge = 24;
  const all = Array.from({ length: total }, (_, index) => index);
  const stride = Math.min(step, longestStep);
  return all.filter((byte) => byte % stride === 0 || byte < edge || byte >= total - edge);
}

interface Tally {
  saved: number;
  failed: number;
  /** How often the connection was really cut. */
  cut: number;
}

async function cutAt(bytes: readonly number[], cut: Omit<Cut, 'after'>): Promise<Tally> {
  const tally = { saved: 0, failed: 0, cut: 0 };
  for (const after of bytes) {
    await site.seed('site.css', oldContent);
    await site.files.readFile('/site.css');
    proxy.arm({ ...cut, after });
    const outcome = await saveOverOld();
    if (proxy.hasCut) tally.cut++;
    proxy.arm(undefined);
    tally[outcome]++;
    const content = await site.text('site.css');
    const expected = outcome === 'saved' ? ['new'] : ['old', 'new'];
    const found =
      content === oldContent
        ? 'old'
        : Buffer.from(newContent).equals(Buffer.from(content))
          ? 'new'
          : 'neither';
    expect(expected, `after ${after} bytes, where the save ${outcome}`).toContain(found);
  }
  // Sizes vary by a few bytes: the last positions may lie behind the end.
  expect(tally.cut).toBeGreaterThan(bytes.length * 0.9);
  return tally;
}

/** What is left of broken saves must be recognisable, and gone after one that works. */
async function expectNothingLeftBehind(): Promise<void> {
  expect((await site.names()).filter((name) => name !== 'site.css' && !isTemporaryName(name))).toEqual([]);
  expect(await saveOverOld()).toBe('saved');
  expect(await site.names()).toEqual(['site.css']);
}

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('an upload under %s', patience, (version) => {
  beforeEach(() => start(version));

  it.each(['end', 'reset'] as const)(
    'whose data connection is cut (%s) at any byte keeps the old file on the server',
    async (how) => {
      const total = await measure('data', 'toServer');
      const cut = { channel: 'data', direction: 'toServer', how, ends: 'this' } as const;
      const tally = await cutAt(positions(total, 83), cut);
      expect(tally.failed).toBeGreaterThan(tally.saved);
      await expectNothingLeftBehind();
    },
  );

  it('whose connections are all cut at any byte of the data keeps the old file on the server', async () => {
    const total = await measure('data', 'toServer');
    const cut = { channel: 'data', direction: 'toServer', how: 'reset', ends: 'everything' } as const;
    const tally = await cutAt(positions(total, 167), cut);
    expect(tally.failed).toBeGreaterThan(tally.saved);
    await expectNothingLeftBehind();
  });

  it.each(['toServer', 'toClient'] as const)(
    'whose control connection is cut %s at any byte has the old or the new file, whole',
    async (direction) => {
      const total = await measure('control', direction);
      const cut = { channel: 'control', direction, how: 'reset', ends: 'this' } as const;
      await cutAt(positions(total, 23), cut);
      await expectNothingLeftBehind();
    },
  );

  it('after whose cut nothing can be reached any more has the old or the new file, whole', async () => {
    const total = await measure('control', 'toServer');
    const cut = { channel: 'control', direction: 'toServer', how: 'end', ends: 'everything' } as const;
    const tally = await cutAt(positions(total, 37), cut);
    expect(tally.failed).toBeGreaterThan(0);
    await expectNothingLeftBehind();
  });
});

describe('an upload to a server that renames over nothing', patience, () => {
  it.each(['toServer', 'toClient'] as const)(
    'whose control connection is cut %s while names change has the old or the new file, whole',
    async (direction) => {
      await start('TLSv1.3', { oddity: renamesOverNothing });
      const total = await measure('control', direction);
      await cutAt(positions(total, 23), { channel: 'control', direction, how: 'reset', ends: 'this' });
      await expectNothingLeftBehind();
    },
  );
});
