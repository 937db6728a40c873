import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject } from './fields.ts';
import { Journal } from './journal.ts';

/** Something that is to be sent. */
export interface OutboxItem {
  /** Name of the connection. */
  readonly connection: string;
  readonly localFile: string;
  readonly remotePath: string;
}

/**
 * What has to be sent and has not arrived yet, on the disk before the first attempt: it survives a crash and a restart.
 * An item names the file; what is sent is what the file holds when it is sent.
 */
export class Outbox implements AsyncDisposable {
  readonly #journal: Journal;
  readonly #items: Map<string, OutboxItem>;

  private constructor(journal: Journal, items: Map<string, OutboxItem>) {
    this.#journal = journal;
    this.#items = items;
  }

  /** @param folder of the product, outside every workspace */
  static async open(folder: string): Promise<Outbox> {
    await mkdir(folder, { recursive: true });
    const file = join(folder, 'outbox.jsonl');
    const { journal, records } = await Journal.open(file);
    const items = new Map<string, OutboxItem>();
    for (const record of records) learn(items, record);
    if (records.length <= 2 * items.size + 100) return new Outbox(journal, items);
    await journal.close();
    await Journal.rewrite(
      file,
      [...items.values()].map((add) => ({ add })),
    );
    return new Outbox((await Journal.open(file)).journal, items);
  }

  get items(): readonly OutboxItem[] {
    return [...this.#items.values()];
  }

  /** Resolves when it is on the disk. */
  async add(item: OutboxItem): Promise<void> {
    if (this.#items.has(keyOf(item))) return;
    this.#items.set(keyOf(item), item);
    await this.#journal.append({ add: item });
  }

  /** It has arrived, or nobody wants it any more. */
  async remove(item: OutboxItem): Promise<void> {
    if (this.#items.delete(keyOf(item))) await this.#journal.append({ remove: item });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#journal.close();
  }
}

function learn(items: Map<string, OutboxItem>, record: unknown): void {
  if (!isObject(record)) return;
  const [added, removed] = [itemIn(record['add']), itemIn(record['remove'])];
  if (added) items.set(keyOf(added), added);
  if (removed) items.delete(keyOf(removed));
}

function itemIn(value: unknown): OutboxItem | undefined {
  if (!isObject(value)) return undefined;
  const { connection, localFile, remotePath } = value;
  if (typeof connection !== 'string' || typeof localFile !== 'string' || typeof remotePath !== 'string') {
    return undefined;
  }
  return { connection, localFile, remotePath };
}

function keyOf({ connection, localFile, remotePath }: OutboxItem): string {
  return [connection, localFile, remotePath].join('\0');
}
