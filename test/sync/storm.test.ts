import { beforeEach, describe, expect, it } from 'vitest';
import { Storm, type StormAnswer } from '../../src/sync/storm.ts';

let asked: number[];
let answers: ((answer: StormAnswer) => void)[];
let carried: number[];
let reviewed: number;
let storm: Storm<string>;

beforeEach(() => {
  asked = [];
  answers = [];
  carried = [];
  reviewed = 0;
  storm = new Storm({
    limit: 20,
    ask: (changes) => {
      asked.push(changes.length);
      return new Promise((resolve) => answers.push(resolve));
    },
    carry: async (changes) => void carried.push(changes.length),
    review: async () => void reviewed++,
  });
});

function files(count: number, from = 0): Map<string, string> {
  return new Map(Array.from({ length: count }, (_, index) => [`${from + index}`, `file ${from + index}`]));
}

async function answer(word: StormAnswer): Promise<void> {
  answers.shift()?.(word);
  await new Promise((resolve) => setImmediate(resolve));
}

describe('files that change outside the editor', () => {
  it('are carried over without a question where they are few', async () => {
    await storm.add(files(20));
    await storm.add(files(3));
    expect([asked, carried]).toEqual([[], [20, 3]]);
  });

  it('bring one question where they are many, whatever comes while it stands', async () => {
    void storm.add(files(138));
    await storm.add(files(10, 138));
    expect([asked, carried]).toEqual([[138], []]);
    await answer('upload');
    expect([asked, carried]).toEqual([[138], [138, 10]]);
  });

  it('are not carried over with an answer that was about others', async () => {
    void storm.add(files(21));
    await storm.add(files(30, 20));
    await answer('upload');
    expect([asked, carried]).toEqual([[21, 29], [21]]);
    await answer('notNow');
    expect(carried).toEqual([21]);
  });

  it('are left alone on Not Now, but for those that were not in the question', async () => {
    void storm.add(files(138));
    await storm.add(files(5, 136));
    await answer('notNow');
    expect([asked, carried, reviewed]).toEqual([[138], [3], 0]);
  });

  it('are looked at first on Review, and not carried over', async () => {
    void storm.add(files(21));
    await answer('review');
    expect([asked, carried, reviewed]).toEqual([[21], [], 1]);
    await storm.add(files(1));
    expect(carried).toEqual([1]);
  });
});
