import { describe, expect, it } from 'vitest';
import { unlessAborted } from '../../src/client/unlessAborted.ts';

describe('work that nobody waits for any more', () => {
  it('is left to itself: the caller learns of the abort', async () => {
    const reason = new Error('enough');
    const waiting = unlessAborted(Promise.resolve(1), 'command', AbortSignal.abort(reason));
    await expect(waiting).rejects.toMatchObject({ kind: 'aborted', step: 'command', cause: reason });
  });

  it('has no say when it ends after the abort', async () => {
    const abort = new AbortController();
    let fail = (_error: Error): void => {};
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    const waiting = unlessAborted(work, 'command', abort.signal);
    abort.abort();
    fail(new Error('too late'));
    await expect(waiting).rejects.toMatchObject({ kind: 'aborted' });
  });
});
