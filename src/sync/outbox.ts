import { mkdir } from 'node:fs/promises';
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
  readonly written: Promise<void>;
}

/**
 * What has to be sent and has not arrived yet, on the disk before the first attempt: it survives a crash and a restart.
 * An item names the file; what is sent is what the file holds when it is sent.
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
    await mkdir(folder, { recursive: true });
    const file = outboxFile(folder);
    const { journal, records } = await Journal.open(file);
    const items = new Map<string, Kept>();
    for (const record of records) learn(items, record);
    const isTidy = items.size > 0 ? records.length <= 2 * items.size + 100 : records.length === 0;
    if (isTidy) return new Outbox(journal, items);
    await journal.close();
    await Journal.rewrite(
      file,
      [...items.values()].map(({ item }) => ({ add: item })),
    );
    return new Outbox((await Journal.open(file)).journal, items);
  }

  get items(): readonly OutboxItem[] {
    return [...this.#items.values()].map(({ item }) => item);
  }

  find(job: SaveJob): OutboxItem | undefined {
    return this.#items.get(jobKey(job))?.item;
  }

  /** Resolves when it is on the disk. One that waits already stays as it is: it began with the earlier save. */
  add(item: OutboxItem): Promise<void> {
    const known = this.#items.get(jobKey(item));
    if (known) return known.written;
    const written = this.#journal.append({ add: item });
    this.#items.set(jobKey(item), { item, written });
    return written;
  }

  /** It has arrived, or nobody wants it any more. */
  async remove(job: SaveJob): Promise<void> {
    const { connection, server, localFile, remotePath } = job;
    if (!this.#items.delete(jobKey(job))) return;
    await this.#journal.append({ remove: { connection, server, localFile, remotePath } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#journal.close();
  }
}

function learn(items: Map<string, Kept>, record: unknown): void {
  if (!isObject(record)) return;
  const [added, removed] = [itemIn(record['add']), itemIn(record['remove'])];
  if (added) items.set(jobKey(added), { item: added, written: Promise.resolve() });
  if (removed) items.delete(jobKey(removed));
}

function itemIn(value: unknown): OutboxItem | undefined {
  if (!isObject(value)) return undefined;
  const { connection, server, localFile, remotePath, previousHash } = value;
  if (typeof connection !== 'string' || typeof server !== 'string') return undefined;
  if (typeof localFile !== 'string' || typeof remotePath !== 'string') return undefined;
  const known = typeof previousHash === 'string' ? { previousHash } : {};
  return { connection, server, localFile, remotePath, ...known };
}
