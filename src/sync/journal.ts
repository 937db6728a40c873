import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

interface Waiting {
  readonly line: string;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Records in a file, a line of JSON each, only ever added to: what was written before a crash is there after it, and a
 * line that a crash cut short is as if it had never been begun.
 */
export class Journal {
  readonly #handle: FileHandle;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** @returns the records so far, and what takes more; the folder is made where it is missing */
  static async open(
    file: string,
  ): Promise<{ readonly journal: Journal; readonly records: readonly unknown[] }> {
    await mkdir(dirname(file), { recursive: true });
    const text = await readFile(file, 'utf8').catch(ifMissing(''));
    const handle = await open(file, 'a');
    // What comes next must not become the end of a line that was cut short.
    if (text !== '' && !text.endsWith('\n')) await handle.appendFile('\n');
    return { journal: new Journal(handle), records: text.split('\n').flatMap(recordIn) };
  }

  /** Puts a file with these records alone in the place of the old one, as a whole. */
  static async rewrite(file: string, records: Iterable<unknown>): Promise<void> {
    const beside = `${file}.${process.pid}`;
    const handle = await open(beside, 'w');
    try {
      await handle.writeFile([...records].map((record) => `${JSON.stringify(record)}\n`).join(''));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  }

  /** Resolves when the record is on the disk. Those that come at the same time are written together. */
  append(record: unknown): Promise<void> {
    return new Promise((written, failed) => {
      this.#waiting.push({ line: `${JSON.stringify(record)}\n`, written, failed });
      this.#writing ??= this.#write();
    });
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#handle.appendFile(batch.map(({ line }) => line).join(''));
        await this.#handle.datasync();
        for (const { written } of batch) written();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.#writing = undefined;
  }
}

/** Handles the failure to find a file: there is something else to go on with. */
export function ifMissing<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return value;
    throw error;
  };
}

function recordIn(line: string): unknown[] {
  try {
    return line === '' ? [] : [JSON.parse(line)];
  } catch {
    return [];
  }
}
