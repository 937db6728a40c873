import { describe, expect, it } from 'vitest';
import { UploadFailures } from '../../src/editor/uploadFailures.ts';

/** Messages as they are shown; `answer` closes the one that stands. */
function setUp() {
  const shown: string[] = [];
  const retried: string[] = [];
  const answers: ((again: boolean) => void)[] = [];
  const failures = new UploadFailures((message) => {
    shown.push(message);
    return new Promise((resolve) => answers.push(resolve));
  });
  const fail = (name: string) =>
    failures.add({ key: name, name, error: new Error('No answer.'), retry: () => retried.push(name) });
  const answer = async (again: boolean) => {
    answers.shift()?.(again);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { failures, shown, retried, fail, answer };
}

describe('uploads that failed', () => {
  it('bring one message, and one retry for all that failed while it stood', async () => {
    const { shown, retried, fail, answer } = setUp();
    fail('a.css');
    fail('b.css');
    fail('a.css');
    expect(shown).toEqual(['a.css was not uploaded. No answer.']);
    await answer(true);
    expect(retried).toEqual(['a.css', 'b.css']);
    expect(shown.length).toBe(1);
  });

  it('are told of again when they failed after the message that was dismissed', async () => {
    const { shown, retried, fail, answer } = setUp();
    fail('a.css');
    fail('b.css');
    await answer(false);
    expect(shown).toEqual(['a.css was not uploaded. No answer.', 'b.css was not uploaded. No answer.']);
    await answer(false);
    expect([shown.length, retried]).toEqual([2, []]);
  });

  it('are not retried when they were uploaded meanwhile', async () => {
    const { failures, retried, fail, answer } = setUp();
    fail('a.css');
    fail('b.css');
    failures.settle('a.css');
    await answer(true);
    expect(retried).toEqual(['b.css']);
  });

  it('bring a new message when they fail again after a retry', async () => {
    const { shown, fail, answer } = setUp();
    fail('a.css');
    await answer(true);
    fail('a.css');
    expect(shown.length).toBe(2);
  });
});
