import { randomUUID } from 'node:crypto';
import { isObject } from './fields.ts';
import { Journal } from './journal.ts';
import { outboxFile } from './outboxFile.ts';
import { jobKey, type SaveJob } from './saveJob.ts';

/** Something that is to be sent. */
export interface OutboxItem extends SaveJob {
  /** SHA-256 of the file as it was before the first of the saves that have not arrived, where that is known. */
  readonly previousHash?: string;
}

interface Kept {
  readonly item: OutboxItem;
  /** Of all that was recorded for it: another process may record more, which is its own to remove. */
  readonly ids: ReadonlySet<string>;
  readonly written: Promise<void>;
}

/**
 * What has to be sent and has not arrived yet, on the disk before the first attempt: it survives a crash and a restart.
 * An item names the file; what is sent is what the file holds when it is sent. All windows on one workspace share it,
 * each for what it has saved itself and what it found when it came up.
 */
export class Outbox implements AsyncDisposable {
  readonly #journal: Journal;
  readonly #items: Map<string, Kept>;

  private constructor(journal: Journal, items: Map<string, Kept>) {
    this.#journal = journal;
    this.#items = items;
  }

  /** @param folder of the product, outside every workspace */
  static async open(folder: string): Promise<Outbox> {
    const { journal, records } = await Journal.open(outboxFile(folder));
    const items = read(records);
    const isTidy = items.size > 0 ? records.length <= 2 * items.size + 100 : records.length === 0;
    if (!isTidy)
      await journal.rewrite(
        [...items.values()].flatMap(({ item, ids }) => [...ids].map((id) => ({ add: item, id }))),
      );
    return new Outbox(journal, items);
  }

  get items(): readonly OutboxItem[] {
    return [...this.#items.values()].map(({ item }) => item);
  }

  /** Resolves when it is on the disk. One that waits already stays as it is: it began with the earlier save. */
  add(item: OutboxItem): Promise<void> {
    const known = this.#items.get(jobKey(item));
    if (known) return known.written;
    const id = randomUUID();
    const written = this.#journal.append({ add: item, id });
    this.#items.set(jobKey(item), { item, ids: new Set([id]), written });
    return written;
  }

  /** It has arrived, or nobody wants it any more. */
  async remove(job: SaveJob): Promise<void> {
    const known = this.#items.get(jobKey(job));
    if (!known) return;
    this.#items.delete(jobKey(job));
    await this.#journal.append({ remove: [...known.ids] });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#journal.close();
  }
}

function read(records: readonly unknown[]): Map<string, Kept> {
  const items = new Map<string, Kept>();
  const keys = new Map<unknown, string>();
  for (const record of records) {
    if (!isObject(record)) continue;
    const { id, remove } = record;
    const item = itemIn(record['add']);
    if (item && typeof id === 'string') {
      const key = jobKey(item);
      const known = items.get(key);
      const ids = new Set([...(known?.ids ?? []), id]);
      items.set(key, { item: known?.item ?? item, ids, written: Promise.resolve() });
      keys.set(id, key);
    }
    for (const removed of Array.isArray(remove) ? remove : []) {
      const key = keys.get(removed) ?? '';
      const known = items.get(key);
      if (!known) continue;
      const ids = new Set([...known.ids].filter((each) => each !== removed));
      if (ids.size > 0) items.set(key, { ...known, ids });
      else items.delete(key);
    }
  }
  return items;
}

/** What a value is, where it is an item. */
export function itemIn(value: unknown): OutboxItem | undefined {
  if (!isObject(value)) return undefined;
  const { connection, server, localFile, remotePath, previousHash } = value;
  if (typeof connection !== 'string' || typeof server !== 'string') return undefined;
  if (typeof localFile !== 'string' || typeof remotePath !== 'string') return undefined;
  const known = typeof previousHash === 'string' ? { previousHash } : {};
  return { connection, server, localFile, remotePath, ...known };
}
