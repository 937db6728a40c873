import { describe, expect, it } from 'vitest';
import type { BaselineEntry } from '../../src/sync/baseline.ts';
import { type ContentHashes, type Plan, planSync } from '../../src/sync/plan.ts';
import { type Direction, type PlanOptions, settle } from '../../src/sync/planStep.ts';
import type { SideTree } from '../../src/sync/sideTree.ts';
import { agreed, file, folder, longAgo, seen, tree } from './support/trees.ts';

const mirror: PlanOptions = { direction: 'both', deleteExtra: true, onlyNewer: false, existingOnly: false };

function plan(
  local: SideTree,
  remote: SideTree,
  baseline: Readonly<Record<string, BaselineEntry>> = {},
  options: Partial<PlanOptions> = {},
  contents: Readonly<Record<string, ContentHashes>> = {},
): Plan {
  return planSync({
    local,
    remote,
    baseline: new Map(Object.entries(baseline)),
    options: { ...mirror, ...options },
    contents: new Map(Object.entries(contents)),
  });
}

function said({ steps }: Plan): string[] {
  return steps.map(({ path, action, reason }) => `${path}: ${action}, ${reason}`);
}

const none = tree({});
const same = file(5);
const changed = file(5, { modifiedAt: longAgo + 100_000 });
const grown = file(6, { modifiedAt: longAgo + 100_000 });
const base = { a: agreed(5) };

/** What happens to a file by what has become of it on either side, in each direction. */
const table: readonly [
  string,
  string,
  SideTree,
  SideTree,
  Record<string, BaselineEntry>,
  Record<Direction, string>,
][] = [
  [
    'as it was',
    'as it was',
    tree({ a: same }),
    tree({ a: same }),
    base,
    { both: '', toRemote: '', toLocal: '' },
  ],
  [
    'changed',
    'as it was',
    tree({ a: grown }),
    tree({ a: same }),
    base,
    { both: 'upload, changed', toRemote: 'upload, changed', toLocal: 'conflict, changedOnTarget' },
  ],
  [
    'as it was',
    'changed',
    tree({ a: same }),
    tree({ a: grown }),
    base,
    { both: 'download, changed', toRemote: 'conflict, changedOnTarget', toLocal: 'download, changed' },
  ],
  [
    'changed',
    'changed',
    tree({ a: grown }),
    tree({ a: file(7) }),
    base,
    { both: 'conflict, bothChanged', toRemote: 'conflict, bothChanged', toLocal: 'conflict, bothChanged' },
  ],
  [
    'deleted',
    'as it was',
    none,
    tree({ a: same }),
    base,
    {
      both: 'deleteRemote, deletedOnOtherSide',
      toRemote: 'deleteRemote, deletedOnOtherSide',
      toLocal: 'download, missing',
    },
  ],
  [
    'as it was',
    'deleted',
    tree({ a: same }),
    none,
    base,
    {
      both: 'deleteLocal, deletedOnOtherSide',
      toRemote: 'upload, missing',
      toLocal: 'deleteLocal, deletedOnOtherSide',
    },
  ],
  [
    'changed',
    'deleted',
    tree({ a: grown }),
    none,
    base,
    {
      both: 'conflict, changedAndDeleted',
      toRemote: 'upload, changed',
      toLocal: 'conflict, changedAndDeleted',
    },
  ],
  [
    'deleted',
    'changed',
    none,
    tree({ a: grown }),
    base,
    {
      both: 'conflict, changedAndDeleted',
      toRemote: 'conflict, changedAndDeleted',
      toLocal: 'download, changed',
    },
  ],
  [
    'deleted',
    'deleted',
    none,
    none,
    base,
    { both: 'forget, bothGone', toRemote: 'forget, bothGone', toLocal: 'forget, bothGone' },
  ],
  [
    'new',
    'not there',
    tree({ a: same }),
    none,
    {},
    { both: 'upload, new', toRemote: 'upload, new', toLocal: 'deleteLocal, extra' },
  ],
  [
    'not there',
    'new',
    none,
    tree({ a: same }),
    {},
    { both: 'download, new', toRemote: 'deleteRemote, extra', toLocal: 'download, new' },
  ],
  [
    'there at first',
    'there too, and different',
    tree({ a: same }),
    tree({ a: file(7) }),
    {},
    { both: 'conflict, bothChanged', toRemote: 'upload, differs', toLocal: 'download, differs' },
  ],
  [
    'a folder',
    'a file',
    tree({ a: folder }),
    tree({ a: same }),
    {},
    { both: 'conflict, kindsDiffer', toRemote: 'conflict, kindsDiffer', toLocal: 'conflict, kindsDiffer' },
  ],
  [
    'a link',
    'a file',
    tree({ a: { kind: 'other', why: 'a link' } }),
    tree({ a: same }),
    base,
    { both: 'leave, notAFile', toRemote: 'leave, notAFile', toLocal: 'leave, notAFile' },
  ],
  [
    'new, a folder',
    'not there',
    tree({ a: folder }),
    none,
    {},
    { both: 'upload, new', toRemote: 'upload, new', toLocal: 'deleteLocal, extra' },
  ],
];

describe('a plan', () => {
  describe.each(table)(
    'for what is %s here and %s on the server',
    (_, __, local, remote, baseline, expected) => {
      it.each(['both', 'toRemote', 'toLocal'] as const)('says what to do, %s', (direction) => {
        const verdict = expected[direction];
        expect(said(plan(local, remote, baseline, { direction }))).toEqual(
          verdict === '' ? [] : [`a: ${verdict}`],
        );
      });
    },
  );

  it.each(['both', 'toRemote', 'toLocal'] as const)(
    'leaves alone what is below a link on the other side, and forgets nothing of it, %s',
    (direction) => {
      const link = { up: { kind: 'other', why: 'it is a symbolic link' } } as const;
      const inside = { up: folder, 'up/new': same, 'up/old': same };
      const known = { up: { kind: 'folder' }, 'up/old': agreed(5), 'up/both': agreed(5) } as const;
      const expected = [
        'up: leave, notAFile',
        'up/new: leave, belowNoFolder',
        'up/old: leave, belowNoFolder',
      ];
      expect(said(plan(tree(link), tree(inside), known, { direction }))).toEqual(expected);
      expect(said(plan(tree(inside), tree(link), known, { direction }))).toEqual(expected);
    },
  );

  it('is empty once both sides are in step, folders and all', () => {
    const both = tree({ d: folder, 'd/a': same });
    expect(plan(both, both, { d: { kind: 'folder' }, 'd/a': agreed(5) }).steps).toEqual([]);
  });

  it('keeps what is extra where the user wants it kept', () => {
    const keep = { deleteExtra: false };
    expect(said(plan(none, tree({ a: same }), base, keep))).toEqual(['a: leave, kept']);
    expect(said(plan(none, tree({ a: same }), {}, { ...keep, direction: 'toRemote' }))).toEqual([
      'a: leave, kept',
    ]);
  });

  it('creates nothing where only what exists is wanted', () => {
    const existing = { existingOnly: true };
    expect(said(plan(tree({ a: same }), none, {}, existing))).toEqual(['a: leave, notThere']);
    expect(said(plan(none, tree({ a: same }), base, { ...existing, direction: 'toLocal' }))).toEqual([
      'a: leave, notThere',
    ]);
  });

  it('replaces only what is older where that is wanted and nothing else is known', () => {
    const newer = { onlyNewer: true, direction: 'toRemote' } as const;
    const [old, fresh] = [file(5), file(6, { modifiedAt: longAgo + 5000 })];
    expect(said(plan(tree({ a: fresh }), tree({ a: old }), {}, newer))).toEqual(['a: upload, differs']);
    expect(said(plan(tree({ a: old }), tree({ a: fresh }), {}, newer))).toEqual(['a: leave, notNewer']);
  });

  it.each([
    ['tells no time', file(6, { modifiedAt: 0 })],
    [
      'lists it in a zone of its own',
      file(6, { modifiedAt: longAgo - 7_200_000, source: 'list', precision: 'minute' }),
    ],
  ])('replaces nothing of which it is not known to be older, as the server %s', (_, theirs) => {
    const newer = { onlyNewer: true, direction: 'toRemote' } as const;
    expect(said(plan(tree({ a: same }), tree({ a: theirs }), {}, newer))).toEqual(['a: leave, notNewer']);
  });

  it('never deletes here what a listing that failed did not show', () => {
    const local = tree({ d: folder, 'd/a': same });
    const remote = tree({ d: folder }, ['d']);
    expect(plan(local, remote, { d: { kind: 'folder' }, 'd/a': agreed(5) }).steps).toEqual([]);
    const whole = tree({}, ['']);
    expect(plan(local, whole, { d: { kind: 'folder' }, 'd/a': agreed(5) }).steps).toEqual([]);
  });

  it('still makes what is new where a listing failed: that fails if something is there', () => {
    const local = tree({ d: folder, 'd/a': same });
    expect(said(plan(local, tree({ d: folder }, ['d']), { d: { kind: 'folder' } }))).toEqual([
      'd/a: upload, new',
    ]);
    const mirrored = { direction: 'toLocal' } as const;
    expect(plan(local, tree({ d: folder }, ['d']), { d: { kind: 'folder' } }, mirrored).steps).toEqual([]);
  });

  it('never deletes there what could not be read here', () => {
    const steps = plan(tree({ d: folder }, ['d']), tree({ d: folder, 'd/a': same }), {
      d: { kind: 'folder' },
      'd/a': agreed(5),
    }).steps;
    expect(steps).toEqual([]);
  });

  it('deletes a folder behind what is in it, and not at all while something stays in it', () => {
    const remote = tree({ d: folder, 'd/a': same, 'd/e': folder, 'd/e/b': same });
    const known: Record<string, BaselineEntry> = {
      d: { kind: 'folder' },
      'd/a': agreed(5),
      'd/e': { kind: 'folder' },
      'd/e/b': agreed(5),
    };
    expect(said(plan(none, remote, known)).map((line) => line.split(':')[0])).toEqual([
      'd/e/b',
      'd/e',
      'd/a',
      'd',
    ]);
    const edited = tree({ d: folder, 'd/a': same, 'd/e': folder, 'd/e/b': grown });
    expect(said(plan(none, edited, known))).toEqual([
      'd: leave, kept',
      'd/e: leave, kept',
      'd/e/b: conflict, changedAndDeleted',
      'd/a: deleteRemote, deletedOnOtherSide',
    ]);
  });

  it('does not delete a folder of which not everything is known', () => {
    const remote = tree({ d: folder, 'd/a': same }, ['d']);
    const steps = said(plan(none, remote, { d: { kind: 'folder' }, 'd/a': agreed(5) }));
    expect(steps).toEqual(['d: leave, kept', 'd/a: deleteRemote, deletedOnOtherSide']);
  });

  it('does not delete a folder that holds something ignored, or the folders around it', () => {
    const inside = { d: folder, 'd/e': folder, 'd/e/a': same, 'd/f': folder };
    const known = Object.fromEntries(
      Object.entries(inside).map(([path, { kind }]) => [
        path,
        kind === 'folder' ? ({ kind } as const) : agreed(5),
      ]),
    );
    const filled = tree(inside, [], ['d/e']);
    const expected = (action: string): string[] => [
      'd: leave, kept',
      'd/e: leave, kept',
      `d/f: ${action}, deletedOnOtherSide`,
      `d/e/a: ${action}, deletedOnOtherSide`,
    ];
    expect(said(plan(filled, none, known))).toEqual(expected('deleteLocal'));
    expect(said(plan(none, filled, known))).toEqual(expected('deleteRemote'));
  });

  it('creates folders before what is in them', () => {
    const local = tree({ 'd/a': same, d: folder });
    expect(said(plan(local, none))).toEqual(['d: upload, new', 'd/a: upload, new']);
  });

  it('puts nothing into a folder that is a file on the other side', () => {
    const steps = said(plan(tree({ d: folder, 'd/a': same }), tree({ d: same })));
    expect(steps).toEqual(['d: conflict, kindsDiffer', 'd/a: conflict, kindsDiffer']);
  });

  it.each([
    ['case', 'Read.me', 'read.me'],
    ['Unicode form', 'caf\u00e9', 'cafe\u0301'],
  ])('shows a conflict where names differ by %s alone, and overwrites neither', (_, mine, theirs) => {
    expect(said(plan(tree({ [mine]: same }), tree({ [theirs]: file(7) })))).toEqual(
      [mine, theirs].toSorted().map((name) => `${name}: conflict, namesFold`),
    );
  });

  it('takes a renaming that changes the case alone for no deletion', () => {
    const steps = said(plan(tree({ A: same }), tree({ a: same }), base));
    expect(steps).toEqual(['A: conflict, namesFold', 'a: conflict, namesFold']);
  });

  it('lets names that differ by case alone be where both sides have both', () => {
    const both = tree({ a: same, A: same });
    expect(plan(both, both, { a: agreed(5), A: agreed(5) }).steps).toEqual([]);
  });
});

describe('a doubt', () => {
  it('is raised where nothing is known of two files of one size, and settled by their content', () => {
    const both = tree({ a: same });
    const asked = plan(both, both);
    expect(asked.doubts).toEqual([
      { path: 'a', side: 'local', size: 5, mayStay: true },
      { path: 'a', side: 'remote', size: 5, mayStay: true },
    ]);
    expect(said(asked)).toEqual(['a: conflict, bothChanged']);
    const equal = plan(both, both, {}, {}, { a: { local: 'x', remote: 'x' } });
    expect([said(equal), equal.doubts]).toEqual([['a: adopt, identical'], []]);
    const other = plan(both, both, {}, {}, { a: { local: 'x', remote: 'y' } });
    expect([said(other), other.doubts]).toEqual([['a: conflict, bothChanged'], []]);
  });

  it('is raised for each of many files, and once for each side of it', () => {
    const young: BaselineEntry = {
      kind: 'file',
      local: seen(5),
      remote: seen(5, { lastSeen: longAgo }),
      hash: 'h',
    };
    const { doubts } = plan(tree({ a: changed, b: same }), tree({ a: same, b: same }), { a: young });
    expect(doubts.map(({ path, side, mayStay }) => [path, side, mayStay])).toEqual([
      ['a', 'remote', false],
      ['a', 'local', true],
      ['b', 'local', true],
      ['b', 'remote', true],
    ]);
  });

  it('is none where the sizes differ', () => {
    expect(plan(tree({ a: same }), tree({ a: file(6) })).doubts).toEqual([]);
  });

  it('of a file that was only touched is settled by reading it here alone', () => {
    const asked = plan(tree({ a: changed }), tree({ a: same }), base);
    expect(asked.doubts).toEqual([{ path: 'a', side: 'local', size: 5, mayStay: true }]);
    expect(said(asked)).toEqual(['a: upload, changed']);
    const touched = plan(tree({ a: changed }), tree({ a: same }), base, {}, { a: { local: 'h' } });
    expect(said(touched)).toEqual(['a: adopt, identical']);
  });

  it('about a version too young to be told from the next one is settled by its content', () => {
    const young = agreed(5);
    if (young.kind !== 'file') throw new Error('a file was made');
    const uploaded = { ...young, remote: { ...young.remote, firstSeen: longAgo, lastSeen: longAgo } };
    const both = tree({ a: same });
    const asked = plan(both, both, { a: uploaded });
    expect(asked.doubts).toEqual([{ path: 'a', side: 'remote', size: 5, mayStay: false }]);
    expect(plan(both, both, { a: uploaded }, {}, { a: { remote: 'h' } }).steps).toEqual([]);
    const edited = plan(both, both, { a: uploaded }, {}, { a: { remote: 'x' } });
    expect(said(edited)).toEqual(['a: download, changed']);
  });

  it('about both sides that changed to the same is no conflict', () => {
    const both = tree({ a: grown });
    const equal = plan(both, both, base, {}, { a: { local: 'x', remote: 'x' } });
    expect(said(equal)).toEqual(['a: adopt, identical']);
  });
});

describe('a conflict', () => {
  const [conflict] = plan(tree({ a: grown }), none, base).steps;

  it('is settled by keeping mine or theirs, whole', () => {
    if (!conflict) throw new Error('there is a conflict');
    expect(settle(conflict, 'mine')).toMatchObject({ action: 'upload', bytes: 6 });
    expect(settle(conflict, 'theirs')).toMatchObject({ action: 'deleteLocal', bytes: 0 });
  });
});
