import { createHash, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EditedTrees } from '../harness/editedTrees.ts';
import { killHostDuring, type Moment, nextHost } from '../harness/killedHost.ts';
import { outboxOf } from '../harness/outboxOf.ts';
import { SearchView } from '../harness/searchView.ts';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { startWithDemo } from '../harness/startWithDemo.ts';
import { summaryOf, SyncView } from '../harness/syncView.ts';

/** How many of the many moments are tried. */
const kills = Number(process.env['FTPS_HOST_KILLS'] ?? '3');
/** Which ones; given again, they are the same. */
const seed = Number(process.env['FTPS_HOST_SEED'] ?? randomInt(2 ** 31));
const patience = { timeout: 60_000 };
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

/** Between 0 and 1, the same for the same seed. */
function chance(...what: readonly (string | number)[]): number {
  const digest = createHash('sha256')
    .update([seed, ...what].join(' '))
    .digest();
  return digest.readUInt32BE() / 2 ** 32;
}

/** A moment in one part of the course of many transfers, so that several are spread over all of it. */
function momentIn(part: number, parts: number, transfers: number, verbs: Moment['verbs']): Moment {
  const before = Math.floor(((part + chance(...verbs, part)) / parts) * (transfers - 1));
  return { verbs, transfers: 1 + before, lines: Math.floor(4 * chance('lines', ...verbs, part)) };
}

describe(`an extension host that is killed (FTPS_HOST_SEED=${seed})`, () => {
  let trees: EditedTrees;
  let view: SyncView;
  const shared = SharedWindow.use(async (site) => {
    const sync = { local: 'site', remote: '/www', direction: 'both', deleteExtra: true };
    return startWithDemo(site, { demo: site.profile({ sync }) });
  });

  beforeAll(async () => {
    const { code, site, workbench } = shared;
    const roots = { local: join(code.workspace, 'site'), remote: join(site.root, 'www') };
    for (const folder of Object.values(roots)) mkdirSync(folder);
    trees = new EditedTrees(roots, 300);
    view = new SyncView(workbench);
    await workbench.showConnections();
  });

  /** What the last sync has overwritten or deleted. */
  function lastSnapshot(): string | undefined {
    const syncs = join(shared.code.userData, 'User/globalStorage/ftps-explorer.ftps-explorer/sync');
    const [pair = ''] = readdirSync(syncs);
    const folder = join(syncs, pair, 'snapshots');
    const last = existsSync(folder) ? readdirSync(folder).toSorted().at(-1) : undefined;
    return last === undefined ? undefined : join(folder, last);
  }

  async function expectReview(summary: readonly string[]): Promise<void> {
    await expect.poll(() => view.summary(), patience).toEqual(summary);
  }

  async function applyAll(): Promise<void> {
    await view.row(/^Apply /).click();
    await view.message('Both sides are in step.').waitFor(patience);
  }

  it.each(numbers(kills))(
    'in a sync leaves no half of a file, and the rest to the next one (%i)',
    async (index) => {
      const { site, workbench } = shared;
      const badges = workbench.page.locator('.part.activitybar .badge-content:visible');
      trees.edit();
      await (index === 0 ? view.compareFirst() : view.compare());
      await expectReview(summaryOf(trees.work));
      const moment = momentIn(index, kills, trees.transfers, ['RETR', 'STOR']);
      const killed = await killHostDuring(shared, moment, () => view.row(/^Apply /).click());
      await nextHost(shared, killed);
      await workbench.connectionRow(/^demo,/).waitFor(patience);
      await expect.poll(() => site.sessions, patience).toBe(0);
      expect(trees.halves).toEqual([]);
      expect(trees.lostFor(lastSnapshot())).toEqual([]);
      await expect.poll(() => badges.count(), patience).toBe(0);
      await workbench.screenshot(`host-killed-${index}`);
      await view.compareFirst();
      await expectReview(summaryOf(trees.work));
      await workbench.screenshot(`host-killed-${index}-rest`);
      await applyAll();
      expect(trees.halves).toEqual([]);
      expect(summaryOf(trees.work)).toEqual([]);
      expect(trees.temporaries('local')).toEqual([]);
    },
  );

  const saved = numbers(60).map((number) => `saved/page${number}.txt`);
  const page = (edition: number): string => `edition ${edition}.\n${'Of no interest.\n'.repeat(500)}`;
  const onServer = (name: string): string => shared.site.read(`www/${name}`);
  const onDisk = (name: string): string => shared.code.readWorkspaceFile(`site/${name}`);

  it('has 60 pages in step', async () => {
    for (const name of saved) shared.code.writeWorkspaceFile(`site/${name}`, page(0));
    await view.compare();
    await expectReview(['Apply 61 Changes', 'Uploads, 60 files, 1 folder']);
    await applyAll();
  });

  it.each(numbers(Math.ceil(kills / 10)))('sends what was saved when it runs again (%i)', async (index) => {
    const { workbench, code } = shared;
    const [before, after] = [index, index + 1];
    const moment = momentIn(index, Math.ceil(kills / 10), saved.length, ['STOR']);
    const search = new SearchView(workbench);
    await search.find(`edition ${before}.`, `edition ${after}.`, saved.length);
    const killed = await killHostDuring(shared, moment, () => search.replaceAll());
    const waiting = await outboxOf(code);
    await nextHost(shared, killed);
    await workbench.screenshot(`host-killed-saving-${index}`);
    expect(waiting).not.toEqual([]);
    await expect.poll(() => saved.filter((name) => onDisk(name) !== page(after)), patience).toEqual([]);
    await expect.poll(() => outboxOf(code), patience).toEqual([]);
    const missing = saved.filter((name) => onServer(name) !== page(after));
    expect(missing.filter((name) => waiting.includes(join(code.workspace, 'site', name)))).toEqual([]);
    // Of the very last ones the host has never heard that they were saved: these a comparison shows.
    await workbench.showConnections();
    await view.compareFirst();
    if (missing.length > 0) await view.row(/^Apply /).click(patience);
    await view.message('Both sides are in step.').waitFor(patience);
    expect(saved.filter((name) => onServer(name) !== page(after))).toEqual([]);
  });
});
