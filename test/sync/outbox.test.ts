import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Outbox, type OutboxItem } from '../../src/sync/outbox.ts';
import { outboxFile } from '../../src/sync/outboxFile.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ftps-outbox-'));
});
afterEach(() => rm(folder, { recursive: true }));

function item(name: string, more: Partial<OutboxItem> = {}): OutboxItem {
  return {
    connection: 'site',
    server: 'anna@h:21',
    localFile: `/here/${name}`,
    remotePath: `/www/${name}`,
    ...more,
  };
}

async function leftBehind(): Promise<readonly OutboxItem[]> {
  await using outbox = await Outbox.open(folder);
  return outbox.items;
}

describe('the outbox', () => {
  it('is on the disk at once: what a killed process leaves is there for the next one', async () => {
    // Never closed, as by a crash.
    const killed = await Outbox.open(folder);
    await killed.add(item('a', { previousHash: 'h' }));
    await killed.add(item('b'));
    await killed.remove(item('b'));
    expect(await leftBehind()).toEqual([item('a', { previousHash: 'h' })]);
    await killed[Symbol.asyncDispose]();
  });

  it('is as before the record that a crash cut short', async () => {
    {
      await using outbox = await Outbox.open(folder);
      await outbox.add(item('a'));
    }
    await appendFile(outboxFile(folder), '{"remove":{"connection":"site","ser');
    expect(await leftBehind()).toEqual([item('a')]);
    expect(await leftBehind()).toEqual([item('a')]);
  });

  it('has a file once, and remembers what it held before the first of several saves', async () => {
    await using outbox = await Outbox.open(folder);
    await Promise.all([
      outbox.add(item('a', { previousHash: 'first' })),
      outbox.add(item('a', { previousHash: 'second' })),
    ]);
    expect(outbox.items).toEqual([item('a', { previousHash: 'first' })]);
    expect(await readFile(outboxFile(folder), 'utf8')).toMatch(/^\n[^\n]+first[^\n]+\n$/);
  });

  it('is shared by two windows: what one of them has sent is not what the other one has saved since', async () => {
    await using first = await Outbox.open(folder);
    await first.add(item('a'));
    await first.add(item('b'));
    await using second = await Outbox.open(folder);
    expect(second.items).toEqual([item('a'), item('b')]);
    await second.remove(item('a'));
    await second.add(item('a'));
    await first.remove(item('a'));
    await first.remove(item('b'));
    expect(await leftBehind()).toEqual([item('a')]);
    await second.remove(item('a'));
    expect(await leftBehind()).toEqual([]);
  });

  it('keeps what one window adds after another one has tidied it up', async () => {
    await using first = await Outbox.open(folder);
    await first.add(item('a'));
    await first.remove(item('a'));
    await using second = await Outbox.open(folder);
    expect(await readFile(outboxFile(folder), 'utf8')).toBe('');
    await first.add(item('b'));
    await second.add(item('c'));
    expect(await leftBehind()).toEqual([item('b'), item('c')]);
  });

  it('tells apart the servers that one name has meant', async () => {
    await using outbox = await Outbox.open(folder);
    await outbox.add(item('a'));
    await outbox.add(item('a', { server: 'anna@other:21' }));
    expect(outbox.items.length).toBe(2);
    await outbox.remove(item('a'));
    expect(outbox.items).toEqual([item('a', { server: 'anna@other:21' })]);
  });

  it('leaves an empty file when all has arrived, however much it was', async () => {
    {
      await using outbox = await Outbox.open(folder);
      for (let file = 0; file < 5; file++) {
        await outbox.add(item(String(file)));
        await outbox.remove(item(String(file)));
      }
    }
    expect(await leftBehind()).toEqual([]);
    expect(await readFile(outboxFile(folder), 'utf8')).toBe('');
  });
});
