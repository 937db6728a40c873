import { createHook } from 'node:async_hooks';
import { describe, expect, it } from 'vitest';
import { SideBySide, sideBySide } from '../../src/remote/sideBySide.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Two places, and work that ends when it is told to. */
function setUp() {
  const work = new SideBySide(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const add = (number: number): Promise<void> =>
    work.start(() => {
      begun.push(number);
      return new Promise((resolve) => ends.push(resolve));
    });
  const end = async (): Promise<void> => {
    ends.shift()?.();
    await turn();
  };
  return { work, begun, add, end };
}

/** Promises that are made while it lasts, which every wait takes. */
async function promisesIn(act: () => Promise<void>): Promise<number> {
  let count = 0;
  const hook = createHook({ init: (_id, type) => void (type === 'PROMISE' && count++) }).enable();
  try {
    await act();
  } finally {
    hook.disable();
  }
  return count;
}

describe('work side by side', () => {
  it('begins in the order in which it came, and never more of it than there are places', async () => {
    const { begun, add, end } = setUp();
    for (const number of [1, 2, 3, 4]) void add(number);
    expect(begun).toEqual([1, 2]);
    await end();
    expect(begun).toEqual([1, 2, 3]);
    // Who comes when there is no place takes none from those who wait.
    void add(5);
    await end();
    expect(begun).toEqual([1, 2, 3, 4]);
    await end();
    expect(begun).toEqual([1, 2, 3, 4, 5]);
  });

  it('is idle when all of it has ended, also what waited, and takes more after that', async () => {
    const { work, begun, add, end } = setUp();
    let isIdle = false;
    for (const number of [1, 2, 3]) void add(number);
    void work.idle().then(() => (isIdle = true));
    for (const idle of [false, false, true]) {
      await end();
      expect(isIdle).toBe(idle);
    }
    void add(4);
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  it('is no more to do for each piece when there are thousands of them', async () => {
    const promisesFor = async (count: number): Promise<number> => {
      const work = new SideBySide(2);
      const made = await promisesIn(async () => {
        for (let number = 0; number < count; number++) void work.start(async () => undefined);
        await work.idle();
      });
      return made / count;
    };
    expect(await promisesFor(1000)).toBeLessThan(1.5 * (await promisesFor(100)));
  });

  it('begins nothing more once a piece of it has failed, and fails when all that was begun has ended', async () => {
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    let failure: unknown;
    const done = sideBySide([1, 2, 3, 4], 2, async (number) => {
      begun.push(number);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (number === 2) throw new Error('2 failed');
    }).catch((error: unknown) => (failure = error));
    await turn();
    ends.pop()?.();
    await turn();
    expect({ begun, failure }).toEqual({ begun: [1, 2], failure: undefined });
    ends.pop()?.();
    await done;
    expect({ begun, failure }).toEqual({ begun: [1, 2], failure: new Error('2 failed') });
  });
});
