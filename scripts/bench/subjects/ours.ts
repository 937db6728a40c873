// What the product does, by its own layers; `Subject` bundles and starts it.
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { FtpsClient } from '../../../src/client/ftpsClient.ts';
import { newServerTraits } from '../../../src/client/serverTraits.ts';
import { openRemote } from '../../../src/remote/connect.ts';
import { readProfile } from '../../../src/remote/profile.ts';
import type { RemoteFileSystem } from '../../../src/remote/remoteFileSystem.ts';
import { FolderSync } from '../../../src/sync/folderSync.ts';
import { now, obey, placeFromArguments } from './deeds.ts';

const place = placeFromArguments();
const known = newServerTraits();
const sessions: FtpsClient[] = [];
const sites: RemoteFileSystem[] = [];

function connect(traits = newServerTraits()): Promise<FtpsClient> {
  return FtpsClient.connect({
    host: place.host,
    port: place.port,
    security: 'explicit',
    user: place.user,
    password: place.password,
    tls: { ca: [readFileSync(place.caFile, 'utf8')] },
    traits,
  });
}

function openSite(connections: number): Promise<RemoteFileSystem> {
  const { host, port, user, caFile } = place;
  const read = readProfile('bench', { host, port, user, connections, tls: { ca: [caFile] } });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return openRemote(read.profile, { password: async () => place.password });
}

function session(): FtpsClient {
  const [client] = sessions;
  if (!client) throw new Error('There is no session.');
  return client;
}

function site(): RemoteFileSystem {
  const [files] = sites;
  if (!files) throw new Error('There is no site.');
  return files;
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

async function withSite<T>(connections: string, act: (files: RemoteFileSystem) => Promise<T>): Promise<T> {
  const files = await openSite(Number(connections));
  try {
    return await act(files);
  } finally {
    void files.close();
  }
}

await obey({
  connect: async () => {
    sessions.push(await connect());
  },
  // As an editor does, which has the size from the folder's listing.
  open: (path) => session().retrieve(path ?? '', nowhere(), { expectedSize: 4096 }),
  /** Two in a row. @returns when the second began */
  openNext: async (first, second) => {
    await session().retrieve(first ?? '', nowhere(), { expectedSize: 4096 });
    const begin = now();
    await session().retrieve(second ?? '', nowhere(), { expectedSize: 4096 });
    return begin;
  },
  list: async (path) => (await session().list(path ?? '')).entries.length,
  quit: async () => {
    await Promise.all([
      ...sessions.splice(0).map((each) => each.quit()),
      ...sites.splice(0).map((each) => each.close()),
    ]);
  },
  cold: async (path) => {
    const client = await connect();
    sessions.push(client);
    return (await client.list(path ?? '')).entries.length;
  },
  coldKnown: async (path) => {
    const client = await connect(known);
    sessions.push(client);
    return (await client.list(path ?? '')).entries.length;
  },
  connectSite: async (connections) => {
    sites.push(await openSite(Number(connections)));
  },
  read: async (path) => (await site().readFile(path ?? '')).length,
  /** As an editor opens a file: it asks what it is before it reads it. */
  reopen: async (path) => {
    await site().stat(path ?? '', { fresh: true });
    return (await site().readFile(path ?? '')).length;
  },
  save: async (path, text) => {
    const content = Buffer.alloc(4096, text);
    return (await site().writeFile(path ?? '', content, { create: true, overwrite: true })).method;
  },
  download: (path, local) => site().download(path ?? '', local ?? ''),
  upload: async (local, path) => (await site().upload(local ?? '', path ?? '')).entry.size,
  crawl: (connections, path) =>
    withSite(connections ?? '', async (files) => {
      let count = 0;
      for await (const folder of files.crawl(path ?? '')) {
        if (folder.failure) throw folder.failure;
        count += folder.entries.filter(({ type }) => type === 'file').length;
      }
      return count;
    }),
  /** Compares a folder with a local one, as a sync does. @returns how many steps it would take */
  plan: (connections, path, local, storage) =>
    withSite(connections ?? '', async (files) => {
      const { host, port, user } = place;
      await using sync = new FolderSync({
        pair: { host, port, user, remoteFolder: path ?? '', localFolder: local ?? '' },
        files,
        ignore: [],
        storage: storage ?? '',
        now: Date.now,
        snapshotLimit: 0,
        compareLimit: 0,
      });
      const options = {
        direction: 'both',
        deleteExtra: true,
        onlyNewer: false,
        existingOnly: false,
      } as const;
      return (await sync.review(options)).steps.filter(({ kind }) => kind === 'file').length;
    }),
  downloadFolder: (connections, path, local) =>
    withSite(
      connections ?? '',
      async (files) => (await files.downloadDirectory(path ?? '', local ?? '')).files,
    ),
  uploadFolder: (connections, local, path) =>
    withSite(
      connections ?? '',
      async (files) => (await files.uploadDirectory(local ?? '', path ?? '')).files,
    ),
});
