import { join, sep } from 'node:path';
import type { PlanStep } from '../../sync/planStep.ts';
import { Listeners } from '../listeners.ts';

/** How a local file differs from the server's, as far as the last comparison knows. */
export interface SyncMark {
  /** No letters: git's U is a file that it does not know. */
  readonly badge: '↑' | '↓' | '!';
  readonly tooltip: string;
}

interface MarkedPair {
  readonly profile: { readonly name: string };
  readonly mapping: { readonly remote: string };
  readonly localFolder: string;
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
   * @param below what alone was compared, relative to the folders of the pair; empty for all
   */
  compared(pair: MarkedPair, steps: readonly PlanStep[], below = ''): void {
    const place = placeOf(pair);
    const compared = fileOf(pair, below);
    const isOutdated = (file: string): boolean =>
      below === '' || file === compared || file.startsWith(`${compared}${sep}`);
    const changed = [...this.#marks].flatMap(([file, mark]) =>
      mark.place === place && isOutdated(file) ? [file] : [],
    );
    for (const file of changed) this.#marks.delete(file);
    for (const step of steps) {
      const mark = markOf(step, pair.profile.name);
      if (!mark) continue;
      const file = fileOf(pair, step.path);
      this.#marks.set(file, { mark, place });
      changed.push(file);
    }
    this.#tell(changed);
  }

  /** Both sides of a file are the same now. */
  inStep(pair: MarkedPair, path: string): void {
    const file = fileOf(pair, path);
    if (this.#marks.delete(file)) this.#tell([file]);
  }

  /** It was to be sent, and others have changed it on the server. */
  conflict(pair: MarkedPair, path: string): void {
    const file = fileOf(pair, path);
    this.#marks.set(file, { mark: conflictWith(pair.profile.name), place: placeOf(pair) });
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

function markOf({ action, kind, local, remote }: PlanStep, name: string): SyncMark | undefined {
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
      return conflictWith(name);
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

function conflictWith(name: string): SyncMark {
  return { badge: '!', tooltip: `Changed here and on ${name}` };
}

function fileOf({ localFolder }: MarkedPair, path: string): string {
  return join(localFolder, ...path.split('/'));
}

function placeOf({ profile, mapping, localFolder }: MarkedPair): string {
  return [profile.name, mapping.remote, localFolder].join('\n');
}
