import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LocalDisk } from '../../src/remote/localDisk.ts';

const content = Buffer.from('content');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'local-disk-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A clock by which everything takes as long as told. */
function clockOf(milliseconds: number): () => number {
  let now = 0;
  return () => (now += milliseconds);
}

/** A clock by which one thing after the other takes so long, and what comes then no time at all. */
function clockThat(durations: readonly number[]): () => number {
  let [now, looks] = [0, 0];
  return () => {
    if (looks++ % 2 === 1) now += durations[looks / 2 - 1] ?? 0;
    return now;
  };
}

async function isWrittenAtOnce(disk: LocalDisk, name: string): Promise<boolean> {
  const written = disk.write(join(folder, name), content, false);
  const isThere = existsSync(join(folder, name));
  await written;
  return isThere;
}

describe('The disk of a folder transfer', () => {
  test('writes small files at once while it is quick', async () => {
    const disk = new LocalDisk(clockOf(1));
    for (const name of ['one', 'other']) {
      const written = disk.write(join(folder, name), content, false);
      expect(existsSync(join(folder, name))).toBe(true);
      await written;
    }
    expect(readdirSync(folder)).toEqual(['one', 'other']);
  });

  test.each([
    ['slow twice in a row', [11, 11]],
    ['very slow once', [101]],
  ])('holds nothing else up any more once it was %s', async (_, durations) => {
    const disk = new LocalDisk(clockThat(durations));
    for (const [index] of durations.entries())
      expect(await isWrittenAtOnce(disk, `early${index}`)).toBe(true);
    expect(await isWrittenAtOnce(disk, 'other')).toBe(false);
    expect(readFileSync(join(folder, 'other'))).toEqual(content);
    expect(await disk.read(join(folder, 'other'), content.length)).toEqual(content);
  });

  test('is still quick when something else has held it up now and then', async () => {
    const disk = new LocalDisk(clockThat([11, 1, 11, 1, 11]));
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) expect(await isWrittenAtOnce(disk, name)).toBe(true);
  });

  test('holds nothing else up for what is large, or has to be on the disk itself', async () => {
    const disk = new LocalDisk(clockOf(1));
    const large = disk.write(join(folder, 'large'), Buffer.alloc(65_537), false);
    const synced = disk.write(join(folder, 'synced'), content, true);
    expect(existsSync(join(folder, 'large'))).toBe(false);
    expect(existsSync(join(folder, 'synced'))).toBe(false);
    await Promise.all([large, synced]);
    expect(readFileSync(join(folder, 'large'))).toHaveLength(65_537);
    expect(readFileSync(join(folder, 'synced'))).toEqual(content);
  });

  test.each([
    ['quick', 1],
    ['slow', 11],
  ])('leaves nothing behind of what cannot be written, while it is %s', async (_, milliseconds) => {
    const disk = new LocalDisk(clockOf(milliseconds));
    await disk.write(join(folder, 'one'), content, false);
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'taken', 'file'), '');
    await expect(disk.write(join(folder, 'taken'), content, false)).rejects.toThrow(
      /EISDIR|ENOTEMPTY|EEXIST/,
    );
    expect(readdirSync(folder)).toEqual(['one', 'taken']);
  });

  test('reads what is there, whatever size it was believed to have', async () => {
    const disk = new LocalDisk();
    writeFileSync(join(folder, 'file'), content);
    expect(await disk.read(join(folder, 'file'), 1)).toEqual(content);
    expect(await disk.read(join(folder, 'file'), 1_000_000)).toEqual(content);
    await expect(disk.read(join(folder, 'none'), 1)).rejects.toThrow('ENOENT');
  });
});
