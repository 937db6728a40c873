import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, type JournalNews } from '../../src/sync/journal.ts';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftps-journal-'));
  file = join(folder, 'made/journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

async function recorded(): Promise<readonly unknown[]> {
  const { journal, records } = await Journal.open(file);
  await journal.close();
  return records;
}

async function newsOf(journal: Journal): Promise<JournalNews | undefined> {
  let told: JournalNews | undefined;
  await journal.news((news) => {
    told = news;
  });
  return told;
}

describe('a journal', () => {
  it('loses no record behind one that a full disk has cut short', async () => {
    const { journal } = await Journal.open(file);
    await journal.append('a');
    await appendFile(file, '{"cut');
    await journal.append('b');
    await journal.close();
    expect(await recorded()).toEqual(['a', 'b']);
  });

  it('tells what others have added, and what it has added itself, in the order of the file', async () => {
    const [{ journal: one }, { journal: other }] = [await Journal.open(file), await Journal.open(file)];
    await one.append('a');
    await other.append('b');
    await one.append('ä');
    expect(await newsOf(one)).toEqual({ records: ['a', 'b', 'ä'], isAll: true });
    await other.append('c');
    expect(await newsOf(one)).toEqual({ records: ['c'], isAll: false });
    expect(await newsOf(one)).toEqual({ records: [], isAll: false });
    await Promise.all([one.close(), other.close()]);
  });

  it('waits for the end of a line that another process is writing', async () => {
    const { journal } = await Journal.open(file);
    await writeFile(file, '["half');
    expect(await newsOf(journal)).toMatchObject({ records: [] });
    await appendFile(file, '"]\n');
    expect(await newsOf(journal)).toMatchObject({ records: [['half']] });
    await journal.close();
  });

  it('goes on in the file that another process has put in its place', async () => {
    const [{ journal: one }, { journal: other }] = [await Journal.open(file), await Journal.open(file)];
    await one.append('a');
    await one.append('b');
    await newsOf(other);
    await other.rewrite(['b']);
    await one.append('c');
    expect(await newsOf(one)).toEqual({ records: ['b', 'c'], isAll: true });
    expect(await newsOf(other)).toEqual({ records: ['c'], isAll: false });
    await Promise.all([one.close(), other.close()]);
    expect(await recorded()).toEqual(['b', 'c']);
  });

  it('keeps what others add while it is written anew', async () => {
    const [{ journal: one }, { journal: other }] = [await Journal.open(file), await Journal.open(file)];
    await one.append('a');
    await newsOf(other);
    await one.append('b');
    await other.rewrite(['a']);
    await Promise.all([one.close(), other.close()]);
    expect(await recorded()).toEqual(['a', 'b']);
  });

  it('tells each record once, however many ask at the same time', async () => {
    const { journal } = await Journal.open(file);
    const told: unknown[] = [];
    const appended = ['a', 'b', 'c'].map((record) => journal.append(record));
    await Promise.all([1, 2, 3].map(() => journal.news(({ records }) => told.push(...records))));
    await Promise.all(appended);
    await journal.close();
    expect(told).toEqual(['a', 'b', 'c']);
  });

  it('goes on after its file was removed', async () => {
    const { journal } = await Journal.open(file);
    await journal.append('a');
    await rm(file);
    await journal.append('b');
    await journal.close();
    expect(await recorded()).toEqual(['b']);
  });
});
