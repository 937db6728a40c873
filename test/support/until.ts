import { onTestFinished } from 'vitest';

/** Resolves when it holds, which is asked at every turn of the event loop. A test that runs out of time takes the wait along. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  let over = false;
  onTestFinished(() => {
    over = true;
  });
  while (!(await holds())) {
    if (over) throw new Error('The test is over.');
    await new Promise(setImmediate);
  }
}
