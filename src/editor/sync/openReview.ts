import type { StepOutcome } from '../../sync/applySteps.ts';
import type { FileVersion } from '../../sync/fileVersion.ts';
import { type Group, type Guard, type ReviewItem, ReviewModel } from '../../sync/reviewModel.ts';
import type { Review } from '../../sync/folderSync.ts';
import type { ReviewOptions } from '../../sync/partOfPair.ts';
import type { PlanStep } from '../../sync/planStep.ts';
import { SyncAction } from '../../sync/syncAction.ts';
import { groups } from './groupText.ts';
import type { ApplyRow, GroupRow, MoreRow, NoteRow, PlaceRow, StepRow, SyncRow } from './syncRow.ts';

/** Rows that a group shows at once, and that each "more" adds: a view with ten thousands is of no use. */
const pageSize = 500;

/** A review as the Sync view shows it: its rows, and what the user makes of them. */
export class OpenReview {
  readonly options: ReviewOptions;
  readonly #model: ReviewModel;
  #action = new SyncAction();
  readonly #applyRow: ApplyRow = { kind: 'apply' };
  readonly #notes: readonly NoteRow[];
  readonly #groupRows = new Map<Group, GroupRow>(groups.map((group) => [group, { kind: 'group', group }]));
  readonly #moreRows = new Map<Group, MoreRow>(groups.map((group) => [group, { kind: 'more', group }]));
  readonly #stepRows = new Map<string, StepRow>();
  readonly #shown = new Map<Group, number>();
  /** Conflicts whose local file is being made into what both sides should have. */
  readonly #merging = new Set<string>();
  /** What the rows are drawn from, made anew when something has changed. */
  #drawn: Drawn | undefined;

  /** @param unchecked what the user did not want the last time */
  constructor(review: Review, options: ReviewOptions, unchecked: Iterable<string> = []) {
    this.options = options;
    this.#model = new ReviewModel(review);
    for (const path of unchecked) this.#model.check(path, false);
    this.#notes = notesOf(review);
  }

  get isInStep(): boolean {
    return this.#model.isInStep;
  }

  /** Whether everything could be compared. */
  get isWhole(): boolean {
    return this.#notes.length === 0;
  }

  /** What is neither done nor left alone. */
  get openItems(): readonly ReviewItem[] {
    return this.#draw.items.filter(({ group }) => group !== 'left');
  }

  /** How many those are. */
  get open(): number {
    return this.openItems.length;
  }

  /** How many steps are to be done. */
  get checked(): number {
    return this.#draw.items.filter(({ isChecked }) => isChecked).length;
  }

  get guards(): readonly Guard[] {
    return this.#model.guards;
  }

  /** Paths that would be done, but for the user. */
  get unchecked(): readonly string[] {
    return this.#draw.items.flatMap(({ isChecked, group, step }) =>
      isChecked || group === 'left' || group === 'conflict' ? [] : [step.path],
    );
  }

  get selected(): readonly PlanStep[] {
    return this.#model.selected;
  }

  /** Steps that have failed and are still to be done. */
  get failed(): readonly PlanStep[] {
    return this.selected.filter(({ path }) => this.item(path)?.error !== undefined);
  }

  item(path: string): ReviewItem | undefined {
    return this.#draw.byPath.get(path);
  }

  itemsOf(group: Group): readonly ReviewItem[] {
    return this.#draw.byGroup.get(group) ?? [];
  }

  isMerging(path: string): boolean {
    return this.#merging.has(path);
  }

  get roots(): readonly SyncRow[] {
    const shown = groups.filter((group) => this.itemsOf(group).length > 0);
    const apply = this.checked > 0 ? [this.#applyRow] : [];
    return [...apply, ...this.#notes, ...shown.flatMap((group) => this.groupRow(group) ?? [])];
  }

  childrenOf(row: SyncRow): readonly SyncRow[] {
    if (row.kind === 'note') return row.places;
    if (row.kind !== 'group') return [];
    const items = this.itemsOf(row.group);
    const shown = items.slice(0, this.#limit(row.group)).map((item) => this.#stepRow(item));
    const more = this.hiddenIn(row.group) > 0 ? this.#moreRows.get(row.group) : undefined;
    return more ? [...shown, more] : shown;
  }

  parentOf(row: SyncRow): SyncRow | undefined {
    switch (row.kind) {
      case 'apply':
      case 'note':
      case 'group':
        return undefined;
      case 'place':
        return this.#notes.find(({ note }) => note === row.note);
      case 'step':
      case 'more':
        return this.groupRow(row.group);
    }
  }

  groupRow(group: Group): GroupRow | undefined {
    return this.#groupRows.get(group);
  }

  /** How many items of a group have no row yet. */
  hiddenIn(group: Group): number {
    return Math.max(0, this.itemsOf(group).length - this.#limit(group));
  }

  showMore(group: Group): void {
    this.#shown.set(group, this.#limit(group) + pageSize);
  }

  check(path: string, isChecked: boolean): void {
    this.#model.check(path, isChecked);
    this.#drawn = undefined;
  }

  checkAll(group: Group, isChecked: boolean): void {
    for (const { step } of this.itemsOf(group)) this.#model.check(step.path, isChecked);
    this.#drawn = undefined;
  }

  /** Leaves the deletions of one side undone. */
  uncheckDeletions(side: 'local' | 'remote'): void {
    const action = side === 'local' ? 'deleteLocal' : 'deleteRemote';
    for (const { path } of this.selected.filter((step) => step.action === action)) {
      this.#model.check(path, false);
    }
    this.#drawn = undefined;
  }

  keep(path: string, side: 'mine' | 'theirs'): void {
    this.#model.keep(path, side);
    this.#merging.delete(path);
    this.#drawn = undefined;
  }

  beginMerge(path: string): void {
    this.#merging.add(path);
  }

  /** Takes the local file of a conflict as it is now, which the user has made out of both. */
  keepMerged(path: string): void {
    this.#model.keep(path, 'mine');
    this.#merging.add(path);
    this.#drawn = undefined;
  }

  /**
   * The steps with the present version of each file that was merged: it has changed since the comparison, as it should.
   * What the server has must still be what the user has seen.
   */
  async withMerged(
    steps: readonly PlanStep[],
    versionOf: (path: string) => Promise<FileVersion>,
  ): Promise<readonly PlanStep[]> {
    return Promise.all(
      steps.map(async (step) => {
        if (!this.#merging.has(step.path) || step.action !== 'upload') return step;
        const version = await versionOf(step.path);
        return { ...step, local: { kind: 'file', version }, bytes: version.size } as const;
      }),
    );
  }

  /** What the next steps are part of: those that are tried again belong to what they failed in. */
  action(isAgain: boolean): SyncAction {
    if (!isAgain) this.#action = new SyncAction();
    return this.#action;
  }

  /** What was called off stays as it was, without being called a failure. */
  record(outcome: StepOutcome): void {
    if (outcome.error?.kind !== 'cancelled') this.#model.record(outcome);
    this.#drawn = undefined;
  }

  get #draw(): Drawn {
    this.#drawn ??= draw(this.#model.items);
    return this.#drawn;
  }

  #limit(group: Group): number {
    return this.#shown.get(group) ?? pageSize;
  }

  #stepRow({ step, group }: ReviewItem): StepRow {
    const known = this.#stepRows.get(step.path);
    if (known) return known;
    const row: StepRow = { kind: 'step', group, path: step.path };
    this.#stepRows.set(step.path, row);
    return row;
  }
}

interface Drawn {
  readonly items: readonly ReviewItem[];
  readonly byPath: ReadonlyMap<string, ReviewItem>;
  readonly byGroup: ReadonlyMap<Group, readonly ReviewItem[]>;
}

function draw(items: readonly ReviewItem[]): Drawn {
  const byGroup = new Map<Group, ReviewItem[]>();
  // Deletions are planned from the inside out; people read them as the rest.
  const inOrder = items.toSorted((a, b) => (a.step.path < b.step.path ? -1 : 1));
  for (const item of inOrder) {
    const known = byGroup.get(item.group);
    if (known) known.push(item);
    else byGroup.set(item.group, [item]);
  }
  return { items, byPath: new Map(items.map((item) => [item.step.path, item])), byGroup };
}

function notesOf({ unknown, undecided }: Review): readonly NoteRow[] {
  const folders = (['local', 'remote'] as const).flatMap((side) =>
    unknown[side].map((path): PlaceRow => ({ kind: 'place', note: 'unknown', path, side })),
  );
  const files = undecided.map(
    (path): PlaceRow => ({ kind: 'place', note: 'undecided', path, side: undefined }),
  );
  const notes: readonly NoteRow[] = [
    { kind: 'note', note: 'unknown', places: folders },
    { kind: 'note', note: 'undecided', places: files },
  ];
  return notes.filter(({ places }) => places.length > 0);
}
