import { readFile, stat } from 'node:fs/promises';
import { Client } from 'basic-ftp';
import type { ForeignClient, Target } from './foreignClient.ts';

/** A session for one deed. */
async function session<T>(target: Target, act: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(30_000);
  try {
    await client.access({
      host: '127.0.0.1',
      port: target.port,
      user: 'anna',
      password: 'secret',
      secure: target.security === 'implicit' ? 'implicit' : true,
      secureOptions: {
        ca: await readFile(target.caFile),
        minVersion: target.version,
        maxVersion: target.version,
        host: '127.0.0.1',
      },
    });
    return await act(client);
  } finally {
    client.close();
  }
}

export const basicFtpClient: ForeignClient = {
  name: 'basic-ftp',
  resumes: true,
  modes: ['passive'],
  // Its getCipher() is that of the session it offers, and counts as TLS that is up.
  breaksOffEmptyUploads: true,
  list: (target) => session(target, async (client) => (await client.list()).map((file) => file.name)),
  fetch: (target, name, localFile) =>
    session(target, async (client) => {
      await client.downloadTo(localFile, name);
    }),
  store: (target, localFile, name) =>
    session(target, async (client) => {
      await client.uploadFrom(localFile, name);
    }),
  continueFetch: (target, name, localFile) =>
    session(target, async (client) => {
      await client.downloadTo(localFile, name, (await stat(localFile)).size);
    }),
  continueStore: (target, localFile, name) =>
    session(target, async (client) => {
      await client.appendFrom(localFile, name, { localStart: await client.size(name) });
    }),
};
