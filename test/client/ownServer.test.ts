import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { FtpsServer } from '../../src/server/ftpsServer.ts';
import { failureOf, optionsFor, password } from './dialogue.ts';
import { authority, identity } from './identity.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const ca = [authority.cert];
let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'ftps-client-'));
  await writeFile(join(root, 'hello.txt'), 'hello');
});

afterAll(() => rm(root, { recursive: true }));

function demandingServer(security: 'explicit' | 'implicit'): Promise<FtpsServer> {
  return FtpsServer.listen({
    root,
    users: { ada: password },
    security,
    certificate: identity,
    requireSessionReuse: true,
  });
}

async function fetch(client: FtpsClient, path: string): Promise<string> {
  const sink = new PassThrough();
  const [content] = await Promise.all([buffer(sink), client.retrieve(path, sink)]);
  return content.toString();
}

describe.each(['explicit', 'implicit'] as const)(
  'a server that demands resumption, in %s mode',
  (security) => {
    it.each(versions)(
      'C-25, C-29: has every data connection resumed, twenty in a row (%s)',
      async (version) => {
        await using server = await demandingServer(security);
        const tls = { ca, minVersion: version, maxVersion: version };
        await using client = await FtpsClient.connect(optionsFor(server, { security, tls }));
        for (let times = 0; times < 10; times += 1) {
          await client.store('/copy.txt', Readable.from([Buffer.from(`copy ${times}`)]));
          expect(await fetch(client, '/copy.txt')).toBe(`copy ${times}`);
        }
        expect(client.report()).toMatchObject({ tlsVersion: version, dataConnections: 20, resumed: 20 });
      },
    );

    it.each(versions)('C-58: has sessions side by side, each with its own tickets (%s)', async (version) => {
      await using server = await demandingServer(security);
      const tls = { ca, minVersion: version, maxVersion: version };
      const clients = await Promise.all(
        Array.from({ length: 4 }, () => FtpsClient.connect(optionsFor(server, { security, tls }))),
      );
      const work = clients.map(async (client) => {
        for (let times = 0; times < 5; times += 1) expect(await fetch(client, '/hello.txt')).toBe('hello');
        return client.report().resumed;
      });
      expect(await Promise.all(work)).toEqual([5, 5, 5, 5]);
      await Promise.all(clients.map((client) => client.quit()));
    });
  },
);

describe.each(versions)('an empty file (%s)', (version) => {
  it('C-39: is stored with close_notify, without which this server keeps nothing, and fetched again', async () => {
    await using server = await demandingServer('explicit');
    const tls = { ca, minVersion: version, maxVersion: version };
    await using client = await FtpsClient.connect(optionsFor(server, { tls }));
    for (let times = 0; times < 5; times += 1) {
      await client.store('/empty.txt', Readable.from([]));
      expect(await fetch(client, '/empty.txt')).toBe('');
      await client.deleteFile('/empty.txt');
    }
  });
});

describe.each(versions)('an upload that its source breaks off (%s)', (version) => {
  it('is not ended by close_notify, so that a server does not take the half for the whole', async () => {
    await using server = await demandingServer('explicit');
    const tls = { ca, minVersion: version, maxVersion: version };
    await using client = await FtpsClient.connect(optionsFor(server, { tls }));
    const source = new PassThrough();
    source.write('half of');
    const onProgress = (): void => void source.destroy(new Error('gone'));
    await expect(client.store('/half.txt', source, { onProgress })).rejects.toThrow('gone');
    expect(await client.stat('/half.txt')).toBeUndefined();
  });
});

describe('the bounds of the TLS version', () => {
  it.each([
    ['TLSv1.2', 'TLSv1.3'],
    ['TLSv1.3', 'TLSv1.2'],
  ] as const)(
    'C-29: let a client of %s fail on a server of %s, and say at which step',
    async (ours, theirs) => {
      await using server = await FtpsServer.listen({
        root,
        users: { ada: password },
        security: 'explicit',
        certificate: identity,
        minVersion: theirs,
        maxVersion: theirs,
      });
      const tls = { ca, minVersion: ours, maxVersion: ours };
      const error = await failureOf(FtpsClient.connect(optionsFor(server, { tls })));
      expect(error).toMatchObject({ kind: 'tls', step: 'tls' });
      expect(error.message).toMatch(/version|alert/);
    },
  );
});
