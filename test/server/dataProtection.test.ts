import { constants } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PassThroughWire } from './support/passThrough.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import { readAll } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

describe.each(versions)('data connections under %s', (version) => {
  const bounds = { minVersion: version, maxVersion: version };

  it('S-14: a handshake that fails behind 150 ends in 522, and the session goes on', async () => {
    await using server = await TestServer.start(certificates, bounds, (root) =>
      writeFile(join(root, 'old.txt'), 'old'),
    );
    await using client = await server.loggedIn();
    const data = await client.passive();
    client.send('STOR old.txt\r\n');
    expect(await client.reply()).toMatch(/^150 /);
    data.write('this is not TLS, but somebody who guessed the port\r\n');
    expect(await client.reply()).toMatch(/^522 /);
    data.destroy();
    expect(await readFile(join(server.root, 'old.txt'), 'utf8')).toBe('old');
    expect(await client.upload('STOR new.txt', 'new')).toMatch(/^226 /);
  });

  it('S-15: an unresumed data connection gets 522, says why, and touches no file', async () => {
    await using server = await TestServer.start(
      certificates,
      { ...bounds, requireSessionReuse: true },
      (root) => writeFile(join(root, 'old.txt'), 'old'),
    );
    await using client = await server.loggedIn();
    for (const line of ['STOR old.txt', 'RETR old.txt', 'STOR fresh.txt', 'LIST']) {
      const socket = await client.passive();
      client.send(`${line}\r\n`);
      expect(await client.reply()).toMatch(/^150 /);
      const data = client.secureData(socket, { session: undefined });
      data.resume();
      expect(await client.reply()).toMatch(/^522 .*resume/);
      data.destroy();
    }
    expect(await readFile(join(server.root, 'old.txt'), 'utf8')).toBe('old');
    await expect(readFile(join(server.root, 'fresh.txt'))).rejects.toThrow('ENOENT');
  });

  it('S-15: the session of another control connection counts for nothing', async () => {
    await using server = await TestServer.start(
      certificates,
      { ...bounds, requireSessionReuse: true },
      (root) => writeFile(join(root, 'old.txt'), 'old'),
    );
    await using client = await server.loggedIn();
    await using other = await server.loggedIn();
    const socket = await client.passive();
    client.send('STOR old.txt\r\n');
    await client.reply();
    const data = client.secureData(socket, other.session ? { session: other.session } : {});
    data.resume();
    expect(await client.reply()).toMatch(/^522 /);
    data.destroy();
    expect(await readFile(join(server.root, 'old.txt'), 'utf8')).toBe('old');
  });

  it('S-15: twenty transfers in a row resume the session of their control connection', async () => {
    await using server = await TestServer.start(certificates, { ...bounds, requireSessionReuse: true });
    await using client = await server.loggedIn();
    for (let count = 0; count < 20; count += 1) {
      expect(await client.upload(`STOR ${count}.txt`, `${count}`)).toMatch(/^226 /);
    }
    expect(server.server.sessions).toMatchObject([{ user: 'anna', dataConnections: 20, resumed: 20 }]);
  });

  it.each(['PORT', 'EPRT'])('S-16: is the TLS server in active mode as well, with %s', async (verb) => {
    await using server = await TestServer.start(certificates, bounds, (root) =>
      writeFile(join(root, 'a.txt'), 'the content'),
    );
    await using client = await server.loggedIn();
    const listener = createServer({ allowHalfOpen: true });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const argument = verb === 'PORT' ? `127,0,0,1,${port >> 8},${port & 255}` : `|1|127.0.0.1|${port}|`;
    expect(await client.command(`${verb} ${argument}`)).toMatch(/^200 /);
    const accepted = new Promise<Socket>((resolve) => {
      listener.once('connection', resolve);
    });
    client.send('RETR a.txt\r\n');
    expect(await client.reply()).toMatch(/^150 /);
    const data = client.secureData(await accepted);
    expect((await readAll(data)).toString()).toBe('the content');
    data.end();
    expect(await client.reply()).toMatch(/^226 /);
    listener.close();
  });

  it('S-25: a download ends with close_notify', async () => {
    await using server = await TestServer.start(certificates, bounds, (root) =>
      writeFile(join(root, 'a.txt'), 'the content'),
    );
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('RETR a.txt\r\n');
    const last: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => last.push(chunk));
    const data = client.secureData(new PassThroughWire(socket));
    await readAll(data);
    data.end();
    const bytes = Buffer.concat(last);
    // An alert is the last record: 2 bytes and 8 of nonce and 16 of tag in TLS 1.2, 2 and 1 and 16 in TLS 1.3.
    const record = version === 'TLSv1.2' ? Buffer.from([21, 3, 3, 0, 26]) : Buffer.from([23, 3, 3, 0, 19]);
    expect(bytes.lastIndexOf(record)).toBe(bytes.length - record.length - (record[4] ?? 0));
  });

  it.each([0, 1, 2, 3, 16_384, 300_001])(
    'S-25: an upload of %i bytes that ends in FIN only gets 426 and is deleted',
    async (size) => {
      await using server = await TestServer.start(certificates, bounds);
      await using client = await server.loggedIn();
      const socket = await client.passive();
      client.send('STOR cut.bin\r\n');
      const data = client.secureData(socket);
      data.resume();
      await once(data, 'secureConnect');
      expect(await client.reply()).toMatch(/^150 /);
      if (size > 0) await new Promise((resolve) => data.write(Buffer.alloc(size, 120), resolve));
      // A round trip, so that the handshake's last words have left before the FIN.
      expect(await client.command('STAT')).toMatch(/^211 /);
      socket.end();
      expect(await client.reply()).toMatch(/^426 /);
      await expect(readFile(join(server.root, 'cut.bin'))).rejects.toThrow('ENOENT');
    },
  );

  it('S-25: an upload that is reset gets 426 and is deleted', async () => {
    await using server = await TestServer.start(certificates, bounds);
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('STOR cut.bin\r\n');
    const data = client.secureData(socket);
    await once(data, 'secureConnect');
    await new Promise((resolve) => data.write('some bytes', resolve));
    socket.resetAndDestroy();
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^426 /);
    await expect(readFile(join(server.root, 'cut.bin'))).rejects.toThrow('ENOENT');
  });

  it('S-25: keeps what came of a cut upload where told so', async () => {
    await using server = await TestServer.start(certificates, { ...bounds, truncatedUpload: 'keep' });
    await using client = await server.loggedIn();
    const socket = await client.passive();
    client.send('STOR cut.bin\r\n');
    const data = client.secureData(socket);
    await once(data, 'secureConnect');
    await new Promise((resolve) => data.write('some bytes', resolve));
    socket.end();
    await client.reply();
    expect(await client.reply()).toMatch(/^426 /);
    expect(await readFile(join(server.root, 'cut.bin'), 'utf8')).toBe('some bytes');
  });

  it.each([0, 1, 2, 3, 300_001])(
    'takes an upload of %i bytes from a client that resets once it has said all',
    async (size) => {
      await using server = await TestServer.start(certificates, bounds);
      await using client = await server.loggedIn();
      const content = Buffer.alloc(size, 'x');
      const socket = await client.passive();
      client.send('STOR whole.bin\r\n');
      const data = client.secureData(socket);
      await once(data, 'secureConnect');
      data.end(content);
      await once(data, 'finish');
      socket.destroy();
      expect(await client.reply()).toMatch(/^150 /);
      expect(await client.reply()).toMatch(/^226 /);
      expect(await readFile(join(server.root, 'whole.bin'))).toEqual(content);
    },
  );

  it('loses nothing of a client that never reads, and closes with bytes still on their way', async () => {
    await using server = await TestServer.start(certificates, bounds);
    await using client = await server.loggedIn();
    const content = Buffer.alloc(5 * 1024 * 1024, 'x');
    const port = Number(/\|\|\|(\d+)\|/.exec(await client.command('EPSV'))?.[1]);
    // Only a socket with a buffer of its own leaves bytes unread in the kernel while it is paused.
    const callback = (count: number, buffer: Uint8Array): boolean => {
      wire.push(Buffer.from(buffer.subarray(0, count)));
      return true;
    };
    const socket = connect({ host: '127.0.0.1', port, onread: { buffer: Buffer.alloc(65_536), callback } });
    const wire = new PassThroughWire(socket);
    await once(socket, 'connect');
    client.send('STOR whole.bin\r\n');
    const data = client.secureData(wire, { session: undefined });
    await once(data, 'secureConnect');
    socket.pause();
    // What the server might have to say is here, unread.
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.command('STAT')).toMatch(/^211 /);
    data.end(content);
    await once(wire, 'finish');
    socket.destroy();
    expect(await client.reply()).toMatch(/^226 /);
    expect((await readFile(join(server.root, 'whole.bin'))).equals(content)).toBe(true);
  });

  it('sends a client that uploads nothing to read before it has closed', async () => {
    await using server = await TestServer.start(certificates, bounds);
    await using client = await server.loggedIn();
    const socket = await client.passive();
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    client.send('STOR a.bin\r\n');
    // Session tickets come with a full handshake.
    const data = client.secureData(new PassThroughWire(socket), { session: undefined });
    await once(data, 'secureConnect');
    const before = bytes;
    await new Promise((resolve) => data.write('first', resolve));
    expect(await client.reply()).toMatch(/^150 /);
    // Two round trips later the server has long completed its half of the handshake.
    for (let round = 0; round < 2; round += 1) expect(await client.command('STAT')).toMatch(/^211 /);
    expect(bytes).toBe(before);
    data.end();
    data.resume();
    expect(await client.reply()).toMatch(/^226 /);
  });
});

it('S-15: keeps the newest sessions by number, and forgets the oldest', async () => {
  const withoutTickets = { maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET } as const;
  await using server = await TestServer.start(certificates);
  await using client = await server.loggedIn(withoutTickets);
  const transfer = async (session: Buffer | undefined): Promise<[boolean, Buffer | undefined]> => {
    const socket = await client.passive();
    client.send('LIST\r\n');
    const data = client.secureData(socket, { session });
    await once(data, 'secureConnect');
    const outcome: [boolean, Buffer | undefined] = [data.isSessionReused(), data.getSession()];
    await readAll(data);
    data.end();
    await client.reply();
    expect(await client.reply()).toMatch(/^226 /);
    return outcome;
  };
  const sessions: (Buffer | undefined)[] = [];
  for (let count = 0; count < 33; count += 1) sessions.push((await transfer(undefined))[1]);
  expect((await transfer(sessions[32]))[0]).toBe(true);
  expect((await transfer(sessions[0]))[0]).toBe(false);
});

it('S-15: resumes by session number for TLS 1.2 clients without tickets, on their own control connection only', async () => {
  const withoutTickets = { maxVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_TICKET } as const;
  await using server = await TestServer.start(certificates, { requireSessionReuse: true });
  await using client = await server.loggedIn(withoutTickets);
  await using other = await server.loggedIn(withoutTickets);
  expect(await client.upload('STOR a.txt', 'a')).toMatch(/^226 /);
  const socket = await client.passive();
  client.send('STOR b.txt\r\n');
  await client.reply();
  const data = client.secureData(socket, other.session ? { session: other.session } : {});
  data.resume();
  expect(await client.reply()).toMatch(/^522 /);
  data.destroy();
});
