import { beforeEach, describe, expect, it } from 'vitest';
import { PathQueue } from '../../src/remote/pathQueue.ts';
import { settle } from './support/fakeSession.ts';

let queue: PathQueue<string>;
let begun: string[];
let finish: Map<string, (error?: Error) => void>;
let signals: Map<string, AbortSignal>;

beforeEach(() => {
  queue = new PathQueue();
  begun = [];
  finish = new Map();
  signals = new Map();
});

/** A job that ends when the test says so. */
function run(path: string, name: string, supersedes = true, signal?: AbortSignal): Promise<string> {
  const job = (stop: AbortSignal): Promise<string> => {
    begun.push(name);
    signals.set(name, stop);
    return new Promise((resolve, reject) => {
      finish.set(name, (error) => (error ? reject(error) : resolve(name)));
    });
  };
  return queue.run(path, job, { supersedes }, signal);
}

async function end(name: string, error?: Error): Promise<void> {
  await settle();
  finish.get(name)?.(error);
  await settle();
}

describe('saves of one file', () => {
  it('run one after the other', async () => {
    const both = [run('/a', 'first'), run('/a', 'second')];
    await settle();
    expect(begun).toEqual(['first']);
    await end('first');
    expect(begun).toEqual(['first', 'second']);
    await end('second');
    expect(await Promise.all(both)).toEqual(['first', 'second']);
  });

  it('do not wait for saves of other files', async () => {
    void run('/a', 'a');
    void run('/b', 'b');
    await settle();
    expect(begun).toEqual(['a', 'b']);
  });

  it('that wait are superseded by a newer one, and get its result', async () => {
    const all = [run('/a', 'first'), run('/a', 'second'), run('/a', 'third')];
    await end('first');
    await end('third');
    expect(await Promise.all(all)).toEqual(['first', 'third', 'third']);
    expect(begun).toEqual(['first', 'third']);
  });

  it('are not superseded where one of them has conditions of its own', async () => {
    const all = [run('/a', 'first'), run('/a', 'second', false), run('/a', 'third')];
    await end('first');
    await end('second');
    await end('third');
    expect(await Promise.all(all)).toEqual(['first', 'second', 'third']);
  });

  it('go on after one that failed', async () => {
    const all = [run('/a', 'first'), run('/a', 'second')];
    await end('first', new Error('no'));
    await end('second');
    expect((await Promise.allSettled(all)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('are cancelled only when all who asked have given up', async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const first = run('/a', 'first');
    const joined = [run('/a', 'second', true, one.signal), run('/a', 'third', true, two.signal)];
    one.abort();
    await end('first');
    await first;
    expect(signals.get('third')?.aborted).toBe(false);
    two.abort();
    expect(signals.get('third')?.aborted).toBe(true);
    const outcomes = await Promise.allSettled(joined);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('begin anew behind one that is being cancelled', async () => {
    const controller = new AbortController();
    void run('/a', 'first');
    const given = run('/a', 'second', true, controller.signal);
    controller.abort();
    await expect(given).rejects.toMatchObject({ kind: 'cancelled' });
    const third = run('/a', 'third');
    await end('first');
    await end('second');
    await end('third');
    expect(await third).toBe('third');
  });
});
