import { describe, expect, it } from 'vitest';
import type { ConflictAnswer } from '../../src/editor/saveConflictText.ts';
import { SaveConflicts } from '../../src/editor/saveConflicts.ts';
import { type ConflictKind, SaveConflict } from '../../src/sync/saveFailure.ts';
import type { SaveJob } from '../../src/sync/saveJob.ts';
import type { SaveItem } from '../../src/sync/saveQueue.ts';

function jobOf(name: string): SaveJob {
  return {
    connection: 'site',
    server: 'anna@h:21',
    localFile: `/here/${name}`,
    remotePath: `/www/${name}`,
  };
}

function setUp() {
  const items: SaveItem[] = [];
  const scene = { shown: [] as string[], done: [] as string[] };
  const answers: ((answer: ConflictAnswer | undefined) => void)[] = [];
  const conflicts = new SaveConflicts({
    items: () => items,
    ask: ({ message, answers: words }) => {
      scene.shown.push(`${message} [${[...words.keys()].join(' / ')}]`);
      return new Promise((resolve) => answers.push(resolve));
    },
    settle: async ({ localFile }, decision) => void scene.done.push(`${decision} ${localFile}`),
    compare: async ({ localFile }) => void scene.done.push(`compare ${localFile}`),
    show: async () => void scene.done.push('show'),
  });
  const comesUp = (name: string, conflict: ConflictKind = 'changed'): void => {
    const state = { kind: 'failed', error: new SaveConflict(`/www/${name}`, conflict) } as const;
    items.push({ job: jobOf(name), state });
    void conflicts.tell();
  };
  const answer = async (word: ConflictAnswer | undefined): Promise<void> => {
    answers.shift()?.(word);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { scene, items, conflicts, comesUp, answer };
}

const changed = 'was changed on h in /www since it was last in step. [Compare / Overwrite / Take Theirs]';

describe("a saved file that would overwrite a colleague's newer one", () => {
  it.each([
    ['mine', 'mine /here/a.php'],
    ['theirs', 'theirs /here/a.php'],
    ['compare', 'compare /here/a.php'],
  ] as const)('is a question, of which the answer "%s" is done', async (word, done) => {
    const { scene, comesUp, answer } = setUp();
    comesUp('a.php');
    expect(scene.shown).toEqual([`a.php ${changed}`]);
    expect(scene.done).toEqual([]);
    await answer(word);
    expect(scene.done).toEqual([done]);
  });

  it('is asked about once, however often autosave comes upon it, and left alone when nobody answers', async () => {
    const { scene, conflicts, comesUp, answer } = setUp();
    comesUp('a.php');
    void conflicts.tell();
    void conflicts.tell();
    await answer(undefined);
    await conflicts.tell();
    expect(scene.shown.length).toBe(1);
    expect(scene.done).toEqual([]);
  });

  it('is asked about again when it is saved again by hand', async () => {
    const { scene, conflicts, comesUp, answer } = setUp();
    comesUp('a.php');
    await answer('compare');
    conflicts.forget(jobOf('a.php'));
    void conflicts.tell();
    expect(scene.shown.length).toBe(2);
  });

  it('brings one question for all that came up while another one stood', async () => {
    const { scene, comesUp, answer } = setUp();
    comesUp('a.php');
    for (const name of ['b.php', 'c.php']) comesUp(name);
    expect(scene.shown.length).toBe(1);
    await answer('mine');
    expect(scene.done).toEqual(['mine /here/a.php']);
    expect(scene.shown[1]).toBe(
      '2 files that you saved are different on h in /www now: b.php, c.php. [Show Files / Overwrite All / Take All Theirs]',
    );
    await answer('theirs');
    expect(scene.done.slice(1)).toEqual(['theirs /here/b.php', 'theirs /here/c.php']);
  });

  it('needs no answer any more once it was settled elsewhere', async () => {
    const { scene, items, comesUp, answer } = setUp();
    comesUp('a.php');
    items.length = 0;
    await answer('mine');
    expect(scene.done).toEqual([]);
  });

  it('is told apart from one that was deleted there, and from one that was never compared', async () => {
    const { scene, comesUp, answer } = setUp();
    comesUp('a.php', 'deleted');
    await answer(undefined);
    comesUp('b.php', 'neverCompared');
    expect(scene.shown).toEqual([
      'a.php was deleted on h in /www since it was last in step. [Upload Again / Delete Here]',
      'b.php is different on h in /www and the two were never compared. [Compare / Overwrite / Take Theirs]',
    ]);
  });

  it('is named with four others at most, so that the question can be read', async () => {
    const { scene, comesUp, answer } = setUp();
    comesUp('first');
    for (let file = 1; file <= 8; file++) comesUp(`f${file}`);
    await answer(undefined);
    expect(scene.shown[1]).toContain(
      '8 files that you saved are different on h in /www now: f1, f2, f3, f4, f5 and 3 more.',
    );
  });
});
