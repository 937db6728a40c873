import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { expect } from 'vitest';
import type { ConnectOptions } from '../../../src/client/connectOptions.ts';
import { FtpsClient } from '../../../src/client/ftpsClient.ts';
import type { MatrixOperation } from './matrix.ts';
import { refusedBy } from './outcome.ts';
import { seededAt, type Site } from './sites.ts';

/** A site and a session on it, both of one variant. */
interface Place {
  readonly site: Site;
  readonly client: FtpsClient;
}

/** Does it, and sees by the folder behind the server that it is done. */
type Operation = (place: Place) => Promise<'works' | 'works by reconnecting'>;

const CONTENT = 'What the server holds, line by line.\r\n'.repeat(300);
const START = 1000;

export const operations: Readonly<Record<MatrixOperation, Operation>> = {
  list: async ({ site, client }) => {
    await site.seed('listed.txt', CONTENT);
    await seesListed(client);
    return 'works';
  },
  read: async ({ site, client }) => {
    await site.seed('read.txt', CONTENT);
    expect(await download(client, '/read.txt')).toBe(CONTENT);
    return 'works';
  },
  write: async ({ site, client }) => {
    await client.store('/written.txt', Readable.from([Buffer.from(CONTENT)]));
    expect(await content(site, 'written.txt')).toBe(CONTENT);
    return 'works';
  },
  append: async ({ site, client }) => {
    await site.seed('appended.txt', CONTENT);
    await client.store('/appended.txt', Readable.from([Buffer.from('The end.')]), { append: true });
    expect(await content(site, 'appended.txt')).toBe(`${CONTENT}The end.`);
    return 'works';
  },
  resume: async ({ site, client }) => {
    await site.seed('resumed.txt', CONTENT);
    expect(await download(client, '/resumed.txt', START)).toBe(CONTENT.slice(START));
    return 'works';
  },
  rename: async ({ site, client }) => {
    await site.seed('old.txt', CONTENT);
    await client.rename('/old.txt', '/new.txt');
    expect(await content(site, 'new.txt')).toBe(CONTENT);
    await expect(stat(join(site.root, 'old.txt'))).rejects.toThrow('ENOENT');
    return 'works';
  },
  delete: async ({ site, client }) => {
    await site.seed('doomed.txt', CONTENT);
    await client.deleteFile('/doomed.txt');
    await expect(stat(join(site.root, 'doomed.txt'))).rejects.toThrow('ENOENT');
    return 'works';
  },
  mkdir: async ({ site, client }) => {
    await client.createDirectory('/folder');
    expect((await stat(join(site.root, 'folder'))).isDirectory()).toBe(true);
    return 'works';
  },
  mdtm: async ({ site, client }) => {
    await site.seed('dated.txt', CONTENT);
    const time = await client.modifiedAt('/dated.txt');
    if (time === undefined) throw refusedBy(await client.command('MDTM /dated.txt'));
    expect(time).toBe(seededAt.getTime());
    return 'works';
  },
  mfmt: async ({ site, client }) => {
    await site.seed('touched.txt', CONTENT);
    const time = Date.UTC(2019, 7, 6, 5, 4, 3);
    if (!(await client.setModifiedAt('/touched.txt', time)))
      throw refusedBy(await client.command('MFMT 20190806050403 /touched.txt'));
    expect((await stat(join(site.root, 'touched.txt'))).mtimeMs).toBe(time);
    return 'works';
  },
  hash: async ({ site, client }) => {
    await site.seed('hashed.txt', CONTENT);
    const hash = await client.hash('/hashed.txt');
    if (hash === undefined) throw refusedBy(await client.command('HASH /hashed.txt'));
    const algorithm = hash.algorithm.replace('-', '').toLowerCase();
    expect(hash.digest).toBe(createHash(algorithm).update(CONTENT).digest('hex'));
    return 'works';
  },
  active: async ({ site }) => {
    await site.seed('listed.txt', CONTENT);
    const spoken: string[] = [];
    await using client = await FtpsClient.connect({
      ...site.connect,
      dataMode: 'active',
      log: record(spoken),
    });
    await seesListed(client);
    expect(await download(client, '/listed.txt')).toBe(CONTENT);
    expect(spoken.filter((line) => /^> (PORT|EPRT) /.test(line))).not.toEqual([]);
    expect(spoken.filter((line) => /^> (PASV|EPSV)/.test(line))).toEqual([]);
    return 'works';
  },
  CCC: async ({ site }) => {
    await site.seed('listed.txt', CONTENT);
    await using client = await FtpsClient.connect({ ...site.connect, allowClearCommandChannel: true });
    await client.clearCommandChannel();
    expect(client.report()).toMatchObject({ tlsVersion: undefined, protection: 'P' });
    await seesListed(client);
    expect(await download(client, '/listed.txt')).toBe(CONTENT);
    return 'works';
  },
  REIN: async ({ site }) => {
    await site.seed('listed.txt', CONTENT);
    await using client = await FtpsClient.connect(site.connect);
    const { tlsVersion } = client.report();
    try {
      await client.reinitialize();
    } catch (error) {
      // C-7: a server that keeps TLS on cannot go on; its connection is gone by now.
      if (client.isOpen) throw error;
      await using another = await FtpsClient.connect(site.connect);
      await seesListed(another);
      return 'works by reconnecting';
    }
    expect(client.report().tlsVersion).toBe(tlsVersion);
    await seesListed(client);
    return 'works';
  },
};

async function seesListed(client: FtpsClient): Promise<void> {
  const { entries } = await client.list('/');
  expect(entries).toContainEqual(
    expect.objectContaining({ name: 'listed.txt', type: 'file', size: CONTENT.length }),
  );
}

function content(site: Site, name: string): Promise<string> {
  return readFile(join(site.root, name), 'utf8');
}

async function download(client: FtpsClient, path: string, offset = 0): Promise<string> {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  await client.retrieve(path, sink, { offset });
  return Buffer.concat(chunks).toString();
}

function record(lines: string[]): Required<ConnectOptions>['log'] {
  const note = (line: string): void => {
    lines.push(line);
  };
  return { trace: note, debug: note, warn: note };
}
