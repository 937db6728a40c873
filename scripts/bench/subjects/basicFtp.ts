// What basic-ftp does on one session; `Subject` bundles and starts it.
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { Client } from 'basic-ftp';
import { now, obey, placeFromArguments } from './deeds.ts';

const place = placeFromArguments();
const sessions: Client[] = [];

async function connect(): Promise<Client> {
  const client = new Client(60_000);
  sessions.push(client);
  const { host, port, user, password } = place;
  const secureOptions = { ca: readFileSync(place.caFile), host };
  await client.access({ host, port, user, password, secure: true, secureOptions });
  return client;
}

function session(): Client {
  const [client] = sessions;
  if (!client) throw new Error('There is no session.');
  return client;
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

await obey({
  connect: async () => {
    await connect();
  },
  open: (path) => session().downloadTo(nowhere(), path ?? ''),
  openNext: async (first, second) => {
    await session().downloadTo(nowhere(), first ?? '');
    const begin = now();
    await session().downloadTo(nowhere(), second ?? '');
    return begin;
  },
  list: async (path) => (await session().list(path)).length,
  save: (path, text) => session().uploadFrom(Readable.from([Buffer.alloc(4096, text)]), path ?? ''),
  quit: async () => {
    for (const each of sessions.splice(0)) each.close();
  },
  cold: async (path) => (await (await connect()).list(path)).length,
  download: (path, local) => session().downloadTo(createWriteStream(local ?? ''), path ?? ''),
  upload: (local, path) => session().uploadFrom(createReadStream(local ?? ''), path ?? ''),
  downloadFolder: (path, local) => session().downloadToDir(local ?? '', path),
  uploadFolder: (local, path) => session().uploadFromDir(local ?? '', path),
});
