import { join } from 'node:path';
import type { ReviewOptions } from '../../sync/partOfPair.ts';
import type { Direction, PlanStep } from '../../sync/planStep.ts';
import { isWithin } from '../../sync/placeIn.ts';
import type { ConflictKind } from '../../sync/saveFailure.ts';
import { Listeners } from '../listeners.ts';
import { type PairIdentity, pairName } from './pairName.ts';
import { reasonText } from './reasonText.ts';

/** How a local file differs from the server's, as far as the last comparison knows. */
export interface SyncMark {
  /** No letters: git's U is a file that it does not know. */
  readonly badge: '↑' | '↓' | '!';
  readonly tooltip: string;
}

/** Local files that differ from the server since the last check: a comparison, or a file that was sent. */
export class SyncMarks {
  /** Told of the local files whose mark has changed. */
  readonly onDidChange = new Listeners<readonly string[]>();
  readonly #marks = new Map<string, { readonly mark: SyncMark; readonly place: string }>();

  of(localFile: string): SyncMark | undefined {
    return this.#marks.get(localFile)?.mark;
  }

  /**
   * A comparison: what was known before of what was compared is out of date.
   * @param options which way, and what alone was compared
   */
  compared(pair: PairIdentity, steps: readonly PlanStep[], options: ReviewOptions): void {
    const { direction, below = '' } = options;
    const place = pairName(pair);
    const compared = fileOf(pair, below);
    const changed = [...this.#marks].flatMap(([file, mark]) =>
      mark.place === place && isWithin(compared, file) ? [file] : [],
    );
    for (const file of changed) this.#marks.delete(file);
    for (const step of steps) {
      const mark = markOf(step, pair.profile.name, direction);
      if (!mark) continue;
      const file = fileOf(pair, step.path);
      this.#marks.set(file, { mark, place });
      changed.push(file);
    }
    this.#tell(changed);
  }

  /** Both sides of a file are the same now. */
  inStep(pair: PairIdentity, path: string): void {
    const file = fileOf(pair, path);
    if (this.#marks.delete(file)) this.#tell([file]);
  }

  /** It was to be sent, and the server has another one, or none any more. */
  conflict(pair: PairIdentity, path: string, kind: ConflictKind): void {
    const file = fileOf(pair, path);
    const mark: SyncMark = { badge: '!', tooltip: conflictOnSave(kind, pair.profile.name) };
    this.#marks.set(file, { mark, place: pairName(pair) });
    this.#tell([file]);
  }

  /** Nothing is known any more. */
  clear(): void {
    const files = [...this.#marks.keys()];
    this.#marks.clear();
    this.#tell(files);
  }

  #tell(files: readonly string[]): void {
    if (files.length > 0) this.onDidChange.tell([...new Set(files)]);
  }
}

function markOf(step: PlanStep, name: string, direction: Direction): SyncMark | undefined {
  const { action, kind, local, remote } = step;
  // Only what is here can be seen.
  if (kind !== 'file' || local?.kind !== 'file') return undefined;
  switch (action) {
    case 'upload':
      return { badge: '↑', tooltip: `Differs from ${name}: to be uploaded` };
    case 'download':
      return { badge: '↓', tooltip: `Changed on ${name}: to be downloaded` };
    case 'deleteLocal':
      return { badge: '↓', tooltip: `Not on ${name} any more` };
    case 'conflict':
      return { badge: '!', tooltip: `Conflict with ${name}: ${reasonText(step, { direction })}` };
    case 'leave':
      return remote?.kind === 'file'
        ? { badge: '!', tooltip: `Differs from ${name}` }
        : { badge: '↑', tooltip: `Not on ${name}` };
    case 'deleteRemote':
    case 'adopt':
    case 'forget':
      return undefined;
  }
}

function conflictOnSave(kind: ConflictKind, name: string): string {
  switch (kind) {
    case 'changed':
      return `Changed here and on ${name}`;
    case 'deleted':
      return `Changed here, deleted on ${name}`;
    case 'neverCompared':
      return `Differs from ${name}, and was never compared`;
  }
}

function fileOf({ localFolder }: PairIdentity, path: string): string {
  return join(localFolder, ...path.split('/'));
}
