import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PassThroughWire } from './support/passThrough.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import { readAll } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

const withFile = (root: string): Promise<void> => writeFile(join(root, 'a.txt'), 'the content');

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('a server told to misbehave on data, under %s', (version) => {
  const bounds = { minVersion: version, maxVersion: version };

  it('noResumption: makes a full handshake of every data connection', async () => {
    await using server = await TestServer.start(certificates, { ...bounds, faults: ['noResumption'] });
    await using client = await server.loggedIn();
    for (let count = 0; count < 2; count += 1) {
      const socket = await client.passive();
      client.send('LIST\r\n');
      const data = client.secureData(socket);
      await once(data, 'secureConnect');
      expect(data.isSessionReused()).toBe(false);
      expect(data.getPeerCertificate().fingerprint256).toBe(client.tls?.getPeerCertificate().fingerprint256);
      await readAll(data);
      data.end();
      await client.reply();
      expect(await client.reply()).toMatch(/^226 /);
    }
  });

  it('dataCertificate: shows another one on data connections', async () => {
    await using server = await TestServer.start(certificates, { ...bounds, faults: ['dataCertificate'] });
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('LIST\r\n');
    const data = client.secureData(socket, { rejectUnauthorized: false });
    await once(data, 'secureConnect');
    const { fingerprint256 } = data.getPeerCertificate();
    expect(fingerprint256).not.toBe(client.tls?.getPeerCertificate().fingerprint256);
    data.destroy();
  });

  it('noCloseNotify: ends a download in FIN only, with all its bytes', async () => {
    await using server = await TestServer.start(
      certificates,
      { ...bounds, faults: ['noCloseNotify'] },
      withFile,
    );
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('RETR a.txt\r\n');
    const last: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => last.push(chunk));
    const data = client.secureData(new PassThroughWire(socket));
    expect((await readAll(data)).toString()).toBe('the content');
    socket.end();
    const bytes = Buffer.concat(last);
    // The last record holds the content: 11 bytes, 8 of nonce and 16 of tag in TLS 1.2, 1 and 16 behind them in TLS 1.3.
    const record = Buffer.from([23, 3, 3, 0, version === 'TLSv1.2' ? 35 : 28]);
    expect(bytes.lastIndexOf(record)).toBe(bytes.length - record.length - (record[4] ?? 0));
    await client.reply();
    expect(await client.reply()).toMatch(/^226 /);
  });

  it('truncatedDownload: keeps the last byte, ends in order, and says 226', async () => {
    const faults = ['truncatedDownload'] as const;
    await using server = await TestServer.start(certificates, { ...bounds, faults }, withFile);
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('RETR a.txt\r\n');
    const data = client.secureData(socket);
    expect((await readAll(data)).toString()).toBe('the conten');
    data.end();
    await client.reply();
    expect(await client.reply()).toMatch(/^226 /);
  });

  it('truncatedUpload: loses the last byte, and says 226', async () => {
    await using server = await TestServer.start(certificates, { ...bounds, faults: ['truncatedUpload'] });
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('STOR b.txt\r\n');
    const data = client.secureData(socket);
    data.write('the con');
    data.end('tent');
    data.resume();
    await client.reply();
    expect(await client.reply()).toMatch(/^226 /);
    expect(await readFile(join(server.root, 'b.txt'), 'utf8')).toBe('the conten');
  });
});
