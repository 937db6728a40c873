import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ifMissing } from './systemErrors.ts';

const lineFeed = 10;

interface Waiting {
  readonly line: string;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/** Records that a journal had not told yet. */
export interface JournalNews {
  readonly records: readonly unknown[];
  /** Whether they are all there are: what is not among them is not recorded any more. */
  readonly isAll: boolean;
}

/**
 * Records in a file, a line of JSON each, only ever added to: what was written before a crash is there after it, and a
 * line that a crash cut short is as if it had never been begun. Several processes may have the same one open.
 */
export class Journal {
  readonly #file: string;
  #handle: FileHandle;
  /** Bytes of the file that were told of. */
  #told = 0;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #appended = 0;
  #reading: Promise<void> = Promise.resolve();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(file: string, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  /** @returns the records so far, and what takes more; the folder is made where it is missing */
  static async open(
    file: string,
  ): Promise<{ readonly journal: Journal; readonly records: readonly unknown[] }> {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(file, 'a+');
    const journal = new Journal(file, handle);
    try {
      return { journal, records: await journal.#readOn() };
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Resolves when the record is on the disk. Those that come at the same time are written together. */
  append(record: unknown): Promise<void> {
    this.#appended += 1;
    return new Promise((written, failed) => {
      this.#waiting.push({ line: `${JSON.stringify(record)}\n`, written, failed });
      this.#writing ??= this.#write();
    });
  }

  /**
   * Tells what has been added since the last time, by whichever process, in the order in which it came to lie in the
   * file. Nothing that is appended later is told, or missed, in between.
   */
  news(tell: (news: JournalNews) => void): Promise<void> {
    this.#reading = this.#reading.catch(() => undefined).then(() => this.#read(tell));
    return this.#reading;
  }

  async #read(tell: (news: JournalNews) => void): Promise<void> {
    let news: JournalNews = { records: [], isAll: false };
    for (;;) {
      await this.#writing;
      const before = this.#appended;
      const { records, isAll } = await this.#inTurn(() => this.#readNew());
      news = isAll ? { records, isAll } : { ...news, records: [...news.records, ...records] };
      if (this.#appended === before) return tell(news);
    }
  }

  async #readNew(): Promise<JournalNews> {
    if (await this.#isReplaced()) await this.#reopen();
    const isAll = this.#told === 0;
    return { records: await this.#readOn(), isAll };
  }

  /**
   * Puts a file with these records alone in the place of the old one, as a whole; what another process adds meanwhile
   * stays. A system that does not let go of a file that others have open keeps the old one.
   */
  async rewrite(records: Iterable<unknown>): Promise<void> {
    await this.#writing;
    const late = await this.#inTurn(() => this.#replace(records));
    await Promise.all(late.map((record) => this.append(record)));
  }

  /** @returns what another process has added meanwhile, which is not in the new file */
  async #replace(records: Iterable<unknown>): Promise<readonly unknown[]> {
    const beside = `${this.#file}.${process.pid}`;
    const text = [...records].map((record) => `${JSON.stringify(record)}\n`).join('');
    const handle = await open(beside, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    try {
      await rename(beside, this.#file);
    } catch {
      await rm(beside, { force: true });
      return [];
    }
    const late = await this.#readOn();
    await this.#reopen();
    this.#told = Buffer.byteLength(text);
    return late;
  }

  /** Waits for what is being written and read. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#turn;
    await this.#handle.close();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#inTurn(() => this.#put(batch.map(({ line }) => line).join('')));
        for (const { written } of batch) written();
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    this.#writing = undefined;
  }

  /** One after the other, or one would open the file anew while another is at it. */
  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const acting = this.#turn.then(act);
    this.#turn = acting.catch(() => undefined);
    return acting;
  }

  async #put(lines: string): Promise<void> {
    for (;;) {
      // What comes next must not become the end of a line that a crash or a full disk has cut short.
      await this.#handle.appendFile(`\n${lines}`);
      await this.#handle.datasync();
      // Another process has put a shorter one in its place, which may have been before these were in it.
      if (!(await this.#isReplaced())) return;
      await this.#reopen();
    }
  }

  async #isReplaced(): Promise<boolean> {
    const [own, there] = await Promise.all([
      this.#handle.stat({ bigint: true }),
      stat(this.#file, { bigint: true }).catch(ifMissing(undefined)),
    ]);
    return there?.ino !== own.ino || there.dev !== own.dev;
  }

  async #reopen(): Promise<void> {
    const old = this.#handle;
    this.#handle = await open(this.#file, 'a+');
    this.#told = 0;
    await old.close();
  }

  /** The whole lines behind those that were told of. */
  async #readOn(): Promise<unknown[]> {
    const { size } = await this.#handle.stat();
    const bytes = Buffer.alloc(Math.max(size - this.#told, 0));
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, this.#told);
    const read = bytes.subarray(0, bytesRead);
    const whole = read.subarray(0, read.lastIndexOf(lineFeed) + 1);
    this.#told += whole.length;
    return whole.toString().split('\n').flatMap(recordIn);
  }
}

function recordIn(line: string): unknown[] {
  try {
    return line === '' ? [] : [JSON.parse(line)];
  } catch {
    return [];
  }
}
