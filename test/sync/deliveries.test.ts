import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteError } from '../../src/remote/errors.ts';
import { Deliveries } from '../../src/sync/deliveries.ts';
import { Outbox, type OutboxItem } from '../../src/sync/outbox.ts';
import type { SavedFile } from '../../src/sync/saveFile.ts';
import { LocalFileGone, SaveConflict } from '../../src/sync/saveFailure.ts';
import { FakeClock } from '../support/fakeClock.ts';

interface Attempt {
  readonly item: OutboxItem;
  readonly decision: string | undefined;
  /** Writes to the disk that had not ended when it began. */
  readonly unwritten: number;
  readonly answer: (saved: SavedFile) => Promise<void>;
  readonly fail: (error: unknown) => Promise<void>;
}

const seconds = 1000;
const away = new RemoteError('unavailable', '/', 'No answer.');
let folder: string;
let clock: FakeClock;
let attempts: Attempt[];
let deliveries: Deliveries;
let all: Deliveries[];
/** Writes to the disk that are under way. */
let writes: Promise<void>[];
let unwritten: number;

beforeEach(async () => {
  all = [];
  writes = [];
  unwritten = 0;
  folder = await mkdtemp(join(tmpdir(), 'ftps-deliveries-'));
  clock = new FakeClock();
  attempts = [];
  deliveries = await open();
});
afterEach(async () => {
  const closed = all.map((opened) => opened[Symbol.asyncDispose]());
  // What is under way ends, and so does what waited for its turn.
  for (const begun of attempts) await begun.fail(away);
  await Promise.all(closed);
  await rm(folder, { recursive: true });
});

async function open(): Promise<Deliveries> {
  const attempt = <Result>(
    item: OutboxItem,
    decision: string | undefined,
    done: (saved: SavedFile) => Result,
  ) =>
    new Promise<Result>((resolve, reject) => {
      attempts.push({
        item,
        decision,
        unwritten,
        answer: (saved) => settle(() => resolve(done(saved))),
        fail: (error) => settle(() => reject(error)),
      });
    });
  const outbox = await Outbox.open(folder);
  const [add, remove] = [outbox.add.bind(outbox), outbox.remove.bind(outbox)];
  outbox.add = (sent) => written(add(sent));
  outbox.remove = (sent) => written(remove(sent));
  const opened = new Deliveries({
    outbox,
    save: (item) => attempt(item, undefined, (saved) => saved),
    take: (item, decision) => attempt(item, decision, () => undefined),
    clock,
    onProblem: (error) => {
      throw error;
    },
  });
  all.push(opened);
  return opened;
}

function written(write: Promise<void>): Promise<void> {
  unwritten++;
  writes.push(write.finally(() => unwritten--));
  return write;
}

/** Until all that follows has happened, and has reached the disk. */
async function settle(act: () => void = () => undefined): Promise<void> {
  act();
  do {
    await Promise.all(writes.splice(0));
    await new Promise((resolve) => setImmediate(resolve));
  } while (writes.length > 0);
}

function item(name: string, connection = 'site'): OutboxItem {
  return { connection, server: 'anna@h:21', localFile: `/here/${name}`, remotePath: `/www/${name}` };
}

async function send(...names: readonly string[]): Promise<void> {
  await settle(() => names.forEach((name) => void deliveries.send(item(name))));
}

function attempt(number: number): Attempt {
  const found = attempts[number - 1];
  if (!found) throw new Error(`There were only ${attempts.length} attempts.`);
  return found;
}

function shown(): string[] {
  return deliveries.items.map(({ job, state }) => `${job.localFile} ${state.kind}`);
}

/** Looks at items that are sent from now on. */
let looks: number;

/** Items of a connection, which count how often they are looked at. */
function counted(count: number, connection?: string): OutboxItem[] {
  const get = (sent: OutboxItem, field: string): unknown => {
    looks++;
    return Reflect.get(sent, field);
  };
  return Array.from({ length: count }, (_, index) => new Proxy(item(`${index}`, connection), { get }));
}

async function onDisk(): Promise<readonly string[]> {
  await using outbox = await Outbox.open(folder);
  return outbox.items.map(({ localFile }) => localFile);
}

describe('what is to be sent', () => {
  it('is on the disk before the first attempt, and no longer when it has arrived', async () => {
    await send('a');
    expect(attempts).toMatchObject([{ unwritten: 0 }]);
    expect(await onDisk()).toEqual(['/here/a']);
    await attempt(1).answer({ kind: 'same' });
    expect(await onDisk()).toEqual([]);
    expect(deliveries.items).toEqual([]);
  });

  it('is not overwritten with because of an answer that was given twice to an earlier question', async () => {
    await send('a');
    await attempt(1).answer({ kind: 'conflict', remote: undefined, wasInStep: true });
    await settle(() => void [1, 2].map(() => deliveries.settle(item('a'), 'mine')));
    await attempt(2).answer({ kind: 'same' });
    await send('a');
    expect(attempt(3).decision).toBeUndefined();
  });

  it('is taken up again after the process was killed', async () => {
    await send('a', 'b');
    await attempt(1).answer({ kind: 'same' });
    deliveries = await open();
    deliveries.resume();
    await settle();
    expect(attempts.map(({ item: { localFile } }) => localFile)).toEqual(['/here/a', '/here/b', '/here/b']);
    expect(deliveries.items).toMatchObject([{ isHeldUp: true }]);
    await attempt(3).answer({ kind: 'same' });
    expect(await onDisk()).toEqual([]);
  });

  it('stays on the disk when it is saved again while it is sent (double Ctrl+S)', async () => {
    await send('a');
    await send('a', 'a');
    await attempt(1).answer({ kind: 'same' });
    expect(await onDisk()).toEqual(['/here/a']);
    expect(attempts.length).toBe(2);
    await attempt(2).answer({ kind: 'same' });
    expect(await onDisk()).toEqual([]);
    expect(attempts.length).toBe(2);
  });

  it('is tried again after 5, 15, 60 and 300 seconds while the server is away, and then every 300', async () => {
    await send('a');
    for (const [index, delay] of [5, 15, 60, 300, 300].entries()) {
      await attempt(index + 1).fail(away);
      expect(clock.pending()).toEqual([delay * seconds]);
      expect(deliveries.items).toMatchObject([
        { nextAttemptAt: clock.now() + delay * seconds, isHeldUp: true },
      ]);
      clock.advance(delay * seconds - 1);
      await settle();
      expect(attempts.length).toBe(index + 1);
      clock.advance(1);
      await settle();
      expect(attempts.length).toBe(index + 2);
    }
    await attempt(6).answer({ kind: 'same' });
    expect([clock.pending(), await onDisk()]).toEqual([[], []]);
  });

  it('is tried at once when the connection comes back, and when the user says so', async () => {
    await send('a');
    await attempt(1).fail(away);
    await settle(() => deliveries.connectionIsBack('other'));
    expect(attempts.length).toBe(1);
    await settle(() => deliveries.connectionIsBack('site'));
    await attempt(2).fail(away);
    expect(clock.pending()).toEqual([15 * seconds]);
    await settle(() => void deliveries.retry());
    await attempt(3).fail(away);
    expect(clock.pending()).toEqual([5 * seconds]);
  });

  it('is tried when another file has arrived, but not with each of many', async () => {
    await send('a', 'b', 'c');
    await attempt(1).fail(away);
    await attempt(2).answer({ kind: 'same' });
    expect(attempts.length).toBe(3);
    clock.advance(4 * seconds);
    deliveries.connectionIsBack('site');
    await settle();
    await attempt(4).fail(away);
    clock.advance(5 * seconds);
    await attempt(3).answer({ kind: 'same' });
    expect(attempts.map(({ item: { localFile } }) => localFile)).toEqual([
      '/here/a',
      '/here/b',
      '/here/c',
      '/here/a',
      '/here/a',
    ]);
  });

  it('waits for the user where trying again is of no use', async () => {
    await send('a', 'b', 'c');
    await attempt(1).fail(new RemoteError('noPermission', '/www/a', 'No.'));
    await attempt(2).answer({ kind: 'gone' });
    await attempt(3).answer({ kind: 'conflict', remote: undefined, wasInStep: true });
    expect(clock.pending()).toEqual([]);
    expect(deliveries.items.map(({ state }) => state.kind === 'failed' && state.error)).toEqual([
      expect.objectContaining({ kind: 'noPermission' }),
      expect.any(LocalFileGone),
      expect.objectContaining({ conflict: 'deleted' }),
    ]);
    expect(await onDisk()).toEqual(['/here/a', '/here/b', '/here/c']);
    await settle(() => deliveries.connectionIsBack('site'));
    expect(attempts.length).toBe(3);
  });

  it('ends its conflict with what the user decides, once', async () => {
    await send('a');
    const remote = {
      path: '/www/a',
      name: 'a',
      type: 'file',
      size: 1,
      modifiedAt: 0,
      timeSource: 'facts',
    } as const;
    await attempt(1).answer({ kind: 'conflict', remote, wasInStep: true });
    expect(deliveries.items).toMatchObject([{ state: { error: expect.any(SaveConflict) } }]);
    await settle(() => void deliveries.settle(item('a'), 'mine'));
    expect(attempt(2).decision).toBe('mine');
    await attempt(2).fail(away);
    // Who knows what the server has by then: it is compared again.
    clock.advance(5 * seconds);
    await settle();
    expect(attempt(3).decision).toBeUndefined();
    await attempt(3).answer({ kind: 'same' });
    expect(await onDisk()).toEqual([]);
  });

  it('is not sent once it is discarded, and not shown when it fails after that', async () => {
    await send('a', 'b');
    await attempt(1).fail(away);
    await deliveries.discard(item('a'));
    await deliveries.discard(item('b'));
    await attempt(2).fail(away);
    clock.advance(600 * seconds);
    await settle();
    expect([attempts.length, shown(), await onDisk()]).toEqual([2, [], []]);
  });

  it('is sent a few at a time, and the others need not be read before', async () => {
    await send(...Array.from({ length: 30 }, (_, index) => `${index}`));
    expect(attempts.length).toBe(8);
    await attempt(1).answer({ kind: 'same' });
    expect(attempts.length).toBe(9);
    expect(deliveries.items.length).toBe(29);
    await settle(() => void deliveries.discard(item('29')));
    for (let number = 2; number <= 29; number++) await attempt(number).answer({ kind: 'same' });
    expect([attempts.length, await onDisk()]).toEqual([29, []]);
  });

  it('stays on the disk when it is saved again after it was discarded while it is sent', async () => {
    await send('a');
    await deliveries.discard(item('a'));
    await send('a');
    await attempt(1).answer({ kind: 'same' });
    expect([attempts.length, await onDisk()]).toEqual([2, ['/here/a']]);
    await attempt(2).answer({ kind: 'same' });
    expect(await onDisk()).toEqual([]);
  });

  it('stays on the disk when the window closes, and is not tried after that', async () => {
    await send('a', 'b');
    await attempt(1).fail(away);
    const closed = deliveries[Symbol.asyncDispose]();
    all = [];
    await attempt(2).fail(new RemoteError('cancelled', '/', 'Cancelled.'));
    await closed;
    clock.advance(600 * seconds);
    await settle();
    expect([attempts.length, clock.pending()]).toEqual([2, []]);
    expect(await onDisk()).toEqual(['/here/a', '/here/b']);
  });
});

describe('thousands of files', () => {
  /** Has what is done now try as many files, and ends each attempt. @returns looks at each */
  async function looksAt(
    count: number,
    act: () => unknown,
    end: (begun: Attempt) => Promise<void>,
  ): Promise<number> {
    const before = attempts.length;
    looks = 0;
    await settle(() => void act());
    for (let number = 1; number <= count; number++) await end(attempt(before + number));
    expect(attempts.length).toBe(before + count);
    return looks / count;
  }

  const arrives = (begun: Attempt): Promise<void> => begun.answer({ kind: 'same' });
  const findsItAway = (begun: Attempt): Promise<void> => begun.fail(away);
  const isInConflict = (begun: Attempt): Promise<void> =>
    begun.answer({ kind: 'conflict', remote: undefined, wasInStep: true });
  const forEach = (act: (job: OutboxItem) => unknown): void =>
    deliveries.items.forEach(({ job }) => void act(job));

  function sent(count: number, end: typeof arrives, connection?: string): Promise<number> {
    const items = counted(count, connection);
    return looksAt(count, () => items.forEach((each) => void deliveries.send(each)), end);
  }

  it('are sent with as many looks at each of them as a few', async () => {
    expect(await sent(40, arrives)).toBe(await sent(10, arrives));
  });

  it('that wait for another server are not looked at while these are sent', async () => {
    const alone = await sent(10, arrives);
    await sent(40, findsItAway, 'other');
    clock.sleep(60 * seconds);
    expect(await sent(10, arrives)).toBe(alone);
  });

  it('that have just found their server away are not looked at with each that arrives there', async () => {
    await sent(40, findsItAway);
    expect(await looksAt(1, () => deliveries.send(item('new')), arrives)).toBe(0);
  });

  it.each([
    ['the connection comes back', findsItAway, () => deliveries.connectionIsBack('site')],
    ['the user has each of them tried again', findsItAway, () => forEach((job) => deliveries.retry(job))],
    ['one answer settles all of them', isInConflict, () => forEach((job) => deliveries.settle(job, 'mine'))],
  ])('are looked at as often as a few, each of them, when %s', async (_why, end, act) => {
    const looksAfter = async (count: number): Promise<number> => {
      await sent(count, end);
      return looksAt(count, act, arrives);
    };
    expect(await looksAfter(40)).toBe(await looksAfter(10));
  });
});
