import { join } from 'node:path';
import type { Baseline, BaselineEntry } from './baseline.ts';
import { isNumber, isObject } from './fields.ts';
import { isFileVersion, type SeenVersion } from './fileVersion.ts';
import { Journal } from './journal.ts';

/** A journal is written anew when it has this many times more lines than entries. */
const mostRepetition = 4;

/** The baseline of one pair on the disk, moved on by each transfer. */
export class BaselineStore implements AsyncDisposable {
  readonly #journal: Journal;
  readonly #entries: Map<string, BaselineEntry>;

  private constructor(journal: Journal, entries: Map<string, BaselineEntry>) {
    this.#journal = journal;
    this.#entries = entries;
  }

  /** @param folder of the pair; what cannot be understood in it is as if it were not known */
  static async open(folder: string): Promise<BaselineStore> {
    const file = join(folder, 'baseline.jsonl');
    const { journal, records } = await Journal.open(file);
    const entries = new Map<string, BaselineEntry>();
    for (const record of records) learn(entries, record);
    if (records.length > 1000 && records.length > mostRepetition * entries.size) {
      await journal.rewrite([...entries].map(([path, entry]) => ({ path, entry })));
    }
    return new BaselineStore(journal, entries);
  }

  get entries(): Baseline {
    return this.#entries;
  }

  /** Learns what other windows have brought into step meanwhile. */
  refresh(): Promise<void> {
    return this.#journal.news(({ records, isAll }) => {
      if (isAll) this.#entries.clear();
      for (const record of records) learn(this.#entries, record);
    });
  }

  /** Resolves when it is on the disk. */
  async set(path: string, entry: BaselineEntry): Promise<void> {
    this.#entries.set(path, entry);
    await this.#journal.append({ path, entry });
  }

  async delete(path: string): Promise<void> {
    if (this.#entries.delete(path)) await this.#journal.append({ path });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#journal.close();
  }
}

function learn(entries: Map<string, BaselineEntry>, record: unknown): void {
  if (!isObject(record) || typeof record['path'] !== 'string') return;
  const entry = readEntry(record['entry']);
  // A path without an entry was forgotten; one with an entry that nobody understands is better forgotten too.
  if (entry) entries.set(record['path'], entry);
  else entries.delete(record['path']);
}

/** @returns undefined for anything but an entry as this module writes it */
export function readEntry(value: unknown): BaselineEntry | undefined {
  if (!isObject(value)) return undefined;
  if (value['kind'] === 'folder') return { kind: 'folder' };
  const { kind, local, remote, hash } = value;
  if (kind !== 'file' || typeof hash !== 'string' || !isVersion(local) || !isVersion(remote))
    return undefined;
  return { kind, local, remote, hash };
}

function isVersion(value: unknown): value is SeenVersion {
  return (
    isFileVersion(value) &&
    'firstSeen' in value &&
    'lastSeen' in value &&
    [value.firstSeen, value.lastSeen].every(isNumber)
  );
}
