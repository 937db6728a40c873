import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { FakeClock } from '../support/fakeClock.ts';
import { claimPorts } from '../support/ports.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import { readAll } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

/** A connection from another loopback address; resolves when the server has dropped it. */
async function intrude(port: number, localAddress: string): Promise<void> {
  const intruder = connect({ host: '127.0.0.1', port, localAddress });
  intruder.on('error', () => {});
  intruder.resume();
  await once(intruder, 'close');
}

describe('active mode', () => {
  it.each([
    ['PORT 127,0,0,2,200,200', '501'],
    ['PORT 10,0,0,1,200,200', '501'],
    ['PORT 127,0,0,1,3,255', '501'],
    ['PORT 127,0,0,1,0,0', '501'],
    ['PORT 127,0,0,1,4,0', '200'],
    ['PORT 127,0,0,1,200', '501'],
    ['PORT 127,0,0,1,256,1', '501'],
    ['PORT', '501'],
    ['EPRT |1|127.0.0.2|50000|', '501'],
    ['EPRT |1|127.0.0.1|1023|', '501'],
    ['EPRT |1|127.0.0.1|1024|', '200'],
    ['EPRT |2|::1|50000|', '501'],
    ['EPRT nonsense', '501'],
  ])('S-19: answers %j with %s', async (line, code) => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    expect((await client.command(line)).slice(0, 3)).toBe(code);
  });

  it('S-19: ends in 425 where nobody listens', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    const data = await client.passive();
    const { localPort = 0 } = data;
    data.destroy();
    await client.command(`EPRT |1|127.0.0.1|${localPort}|`);
    client.send('LIST\r\n');
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^425 /);
  });
});

describe('passive mode', () => {
  it('S-19: lets in the host of the control connection only, and once', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    const port = Number(/\|\|\|(\d+)\|/.exec(await client.command('EPSV'))?.[1]);
    await intrude(port, '127.0.0.2');
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    await once(socket, 'connect');
    client.send('NLST\r\n');
    expect(await client.reply()).toMatch(/^150 /);
    const data = client.secureData(socket);
    expect((await readAll(data)).toString()).toBe('');
    data.end();
    expect(await client.reply()).toMatch(/^226 /);
    const late = connect({ host: '127.0.0.1', port });
    await expect(once(late, 'connect')).rejects.toThrow('ECONNREFUSED');
  });

  it('S-19: answers 425 when nobody comes in time, and serves the next transfer', async () => {
    const clock = new FakeClock();
    await using server = await TestServer.start(certificates, { clock, limits: { dataConnect: 7_000 } });
    await using client = await server.loggedIn();
    await client.command('EPSV');
    client.send('LIST\r\n');
    expect(await client.reply()).toMatch(/^150 /);
    expect(clock.pending()).toEqual([7_000]);
    clock.advance(7_000);
    expect(await client.reply()).toMatch(/^425 /);
    const socket = await client.passive();
    client.send('LIST\r\n');
    const data = client.secureData(socket);
    await readAll(data);
    data.end();
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^226 /);
  });

  it('S-19: keeps to its range of ports, in no fixed order', async () => {
    const ports = await claimPorts();
    onTestFinished(() => ports.release());
    await using server = await TestServer.start(certificates, { passivePorts: ports.passive });
    await using client = await server.loggedIn();
    const chosen: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      const [, high, low] = /,(\d+),(\d+)\)/.exec(await client.command('PASV')) ?? [];
      chosen.push(Number(high) * 256 + Number(low));
    }
    expect(chosen.every((port) => port >= ports.passive[0] && port <= ports.passive[1])).toBe(true);
    expect(chosen).not.toEqual([...chosen].sort((a, b) => a - b));
  });

  it('answers 425 when every port of its range is taken', async () => {
    const ports = await claimPorts();
    onTestFinished(() => ports.release());
    await using server = await TestServer.start(certificates, {
      passivePorts: [ports.control, ports.control],
    });
    await using one = await server.loggedIn();
    await using other = await server.loggedIn();
    expect(await one.command('PASV')).toMatch(/^227 /);
    expect(await other.command('PASV')).toMatch(/^425 /);
    expect(await other.command('EPSV')).toMatch(/^425 /);
    expect(await one.command('PASV')).toMatch(/^227 /);
  });

  it('answers a transfer that nothing was agreed upon for with 425 at once', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    expect(await client.command('LIST')).toMatch(/^425 /);
  });

  it.each(['EPSV 2', 'EPRT |3|x|50000|', 'EPRT |7|127.0.0.1|50000|'])(
    'S-20: names the family it knows in answer to %j',
    async (line) => {
      await using server = await TestServer.start(certificates);
      await using client = await server.loggedIn();
      expect(await client.command(line)).toMatch(/^522 .*\(1/);
    },
  );

  it('S-20: refuses all but EPSV after EPSV ALL', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.loggedIn();
    expect(await client.command('EPSV ALL')).toMatch(/^200 /);
    for (const line of ['PASV', 'PORT 127,0,0,1,200,200', 'EPRT |1|127.0.0.1|50000|']) {
      expect(await client.command(line)).toMatch(/^503 /);
    }
    expect(await client.command('EPSV')).toMatch(/^229 /);
    expect(await client.command('EPSV nonsense')).toMatch(/^501 /);
  });

  it('leaves no listener behind a session that ends', async () => {
    await using server = await TestServer.start(certificates);
    let socket: Socket;
    {
      await using client = await server.loggedIn();
      const port = Number(/\|\|\|(\d+)\|/.exec(await client.command('EPSV'))?.[1]);
      await client.command('QUIT');
      await client.rest();
      socket = connect({ host: '127.0.0.1', port });
    }
    await expect(once(socket, 'connect')).rejects.toThrow('ECONNREFUSED');
  });
});
