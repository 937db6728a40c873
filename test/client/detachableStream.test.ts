import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../src/client/connectOptions.ts';
import { ControlConnection } from '../../src/client/controlConnection.ts';
import { Deadlines } from '../../src/client/deadline.ts';
import { DetachableStream } from '../../src/client/detachableStream.ts';
import { utf8 } from '../../src/client/textCodec.ts';
import { TlsLayer } from '../../src/client/tlsLayer.ts';
import { bareTraits, failureOf, optionsFor } from './dialogue.ts';
import { authority, identity } from './identity.ts';
import { limits, WatchedClock } from './watchedClock.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

/** Carries bytes between client and server; those of the server can be held back, to arrive all at once. */
class Relay {
  #held: Buffer[] | undefined;
  readonly #client: Socket;
  #onHeld: () => void = () => {};

  constructor(client: Socket, server: Socket) {
    this.#client = client;
    client.on('data', (chunk) => server.write(chunk));
    client.on('close', () => server.destroy());
    server.on('data', (chunk: Buffer) => {
      if (!this.#held) {
        client.write(chunk);
        return;
      }
      this.#held.push(chunk);
      this.#onHeld();
    });
    for (const socket of [client, server]) socket.on('error', () => {});
  }

  /** Holds back what the server says until it has said `last`, and then lets it through in one piece. */
  async hold(last: string): Promise<void> {
    this.#held = [];
    while (!Buffer.concat(this.#held).toString('latin1').endsWith(last)) {
      await new Promise<void>((resolve) => {
        this.#onHeld = resolve;
      });
    }
    this.#client.write(Buffer.concat(this.#held));
    this.#held = undefined;
  }
}

async function accepted(): Promise<{ near: Socket; far: Socket }> {
  const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const arrival = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const near = connect({ host: '127.0.0.1', port, noDelay: true });
  const [far] = await Promise.all([arrival, once(near, 'connect')]);
  server.close();
  return { near, far };
}

/** A control connection and the server's end of it, with a relay between them. */
async function pair(version: (typeof versions)[number]) {
  const [first, second] = [await accepted(), await accepted()];
  const relay = new Relay(first.far, second.near);
  const clock = new WatchedClock();
  const deadlines = new Deadlines(clock, limits);
  const control = new ControlConnection(first.near, { deadlines, log: silentLog, codec: utf8 });
  const tls = { ca: [authority.cert], minVersion: version, maxVersion: version };
  const layer = new TlsLayer(optionsFor({ port: 21 }, { tls }), bareTraits());
  return { control, layer, relay, clock, server: second.far };
}

/** The server's end of TLS. */
async function serveTls(socket: Socket) {
  const stream = new DetachableStream(socket);
  const tls = new TLSSocket(stream, { isServer: true, secureContext: createSecureContext(identity) });
  tls.on('error', () => {});
  await once(tls, 'secure');
  return { stream, tls };
}

function lineOf(stream: TLSSocket | Socket): Promise<string> {
  return new Promise((resolve) => stream.once('data', (chunk: Buffer) => resolve(chunk.toString())));
}

describe('TLS on a detachable stream', () => {
  it.each(versions)(
    'comes off by close_notify, and on again, on the same connection (%s)',
    async (version) => {
      const { control, layer, clock, server } = await pair(version);
      for (let times = 0; times < 2; times += 1) {
        const [socket, { stream, tls }] = await Promise.all([control.secure(layer), serveTls(server)]);
        layer.acceptControl(socket);
        expect(control.tlsInfo().tlsVersion).toBe(version);

        const inTls = control.send('CCC', undefined, { silentAfter: ({ code }) => code === 200 });
        expect(await lineOf(tls)).toBe('CCC\r\n');
        tls.write('200 clear from here\r\n');
        expect((await inTls).code).toBe(200);
        const off = stream.letGo(tls).then(() => stream.detach());
        await Promise.all([control.unsecure(), off]);
        expect(control.tlsInfo().tlsVersion).toBeUndefined();

        const inClear = control.send('NOOP', undefined, { silentAfter: () => true });
        server.resume();
        expect(await lineOf(server)).toBe('NOOP\r\n');
        server.pause();
        server.write('200 here\r\n');
        expect((await inClear).lines).toEqual(['here']);
      }
      expect(clock.pending()).toEqual([]);
      control.destroy();
      server.destroy();
    },
  );

  it.each(versions)(
    'loses none of the clear bytes that come with close_notify in one packet (%s)',
    async (version) => {
      const { control, layer, relay, server } = await pair(version);
      const [socket, { stream, tls }] = await Promise.all([control.secure(layer), serveTls(server)]);
      layer.acceptControl(socket);
      const inTls = control.send('REIN', undefined, { silentAfter: ({ code }) => code === 220 });
      expect(await lineOf(tls)).toBe('REIN\r\n');
      const held = relay.hold('220 in clear\r\n');
      tls.write('220 again\r\n');
      stream.letGo(tls).catch(() => {});
      await once(stream, 'finish');
      server.write('220 in clear\r\n');
      await held;
      expect((await inTls).lines).toEqual(['again']);
      await control.unsecure();
      expect((await control.greeting()).lines).toEqual(['in clear']);
      control.destroy();
      server.destroy();
    },
  );

  it('takes no flood of clear bytes behind close_notify', async () => {
    const { near, far } = await accepted();
    const stream = new DetachableStream(near);
    const broken = once(stream, 'error');
    stream.resume();
    far.write(Buffer.concat([Buffer.from([21, 3, 3, 0, 2, 1, 0]), Buffer.alloc(200_000, '2')]));
    const [error] = await broken;
    expect(String(error)).toContain('too much follows the end of TLS');
    far.destroy();
  });

  it('gives its socket back once, however often it is asked to', async () => {
    const { near, far } = await accepted();
    const stream = new DetachableStream(near);
    expect(stream.detach()).toHaveLength(0);
    expect(stream.detach()).toHaveLength(0);
    expect(near.listenerCount('data')).toBe(0);
    stream.destroy();
    expect(near.destroyed).toBe(false);
    near.destroy();
    far.destroy();
  });

  it('C-54: that the server does not take off in time ends the connection', async () => {
    const { control, layer, clock, server } = await pair('TLSv1.3');
    const [socket] = await Promise.all([control.secure(layer), serveTls(server)]);
    layer.acceptControl(socket);
    const failure = failureOf(control.unsecure());
    await clock.running('close');
    clock.pass('close');
    expect(await failure).toMatchObject({ kind: 'timeout', limit: 'close' });
    expect(control.isOpen).toBe(false);
    expect(clock.pending()).toEqual([]);
    server.destroy();
  });
});
