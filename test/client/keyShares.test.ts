import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RecordStream } from '../../src/client/recordStream.ts';
import { newServerTraits, type ServerTraits } from '../../src/client/serverTraits.ts';
import { TlsLayer } from '../../src/client/tlsLayer.ts';
import { authority, identity } from './identity.ts';

const classical = ['X25519', 'P-256'];

/** Serves TLS, and notes the groups that each ClientHello offers. */
class Listener implements AsyncDisposable {
  readonly offered: string[][] = [];
  readonly #server = createServer((socket) => this.#serve(socket));
  /** What TLS is served by; another one knows none of the tickets. */
  context = newContext();

  async listen(): Promise<this> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return this;
  }

  async dial(): Promise<RecordStream> {
    const address = this.#server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return new RecordStream(socket);
  }

  #serve(socket: Socket): void {
    socket.once('data', (hello) => {
      this.offered.push(groupsIn(hello));
      socket.pause();
      socket.unshift(hello);
      const secured = new TLSSocket(socket, { isServer: true, secureContext: this.context });
      secured.on('error', () => {}).resume();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function newContext(ecdhCurve?: string) {
  return createSecureContext({ ...identity, minVersion: 'TLSv1.3', ...(ecdhCurve ? { ecdhCurve } : {}) });
}

/** The extension `supported_groups` of a ClientHello that comes in one record. RFC 8446 §4.2.7 */
function groupsIn(record: Buffer): string[] {
  const names = new Map([
    [0x0017, 'P-256'],
    [0x001d, 'X25519'],
  ]);
  let at = 5 + 4 + 2 + 32;
  at += 1 + record.readUInt8(at);
  at += 2 + record.readUInt16BE(at);
  at += 1 + record.readUInt8(at) + 2;
  for (; record.readUInt16BE(at) !== 10; at += 4 + record.readUInt16BE(at + 2));
  const list = record.subarray(at + 6, at + 6 + record.readUInt16BE(at + 4));
  return Array.from({ length: list.length / 2 }, (_, index) => {
    const group = list.readUInt16BE(2 * index);
    return names.get(group) ?? String(group);
  });
}

/** A control connection that TLS is up on, and a ticket in hand. */
async function controlled(listener: Listener, traits: ServerTraits): Promise<TlsLayer> {
  const tls = new TlsLayer({
    host: '127.0.0.1',
    port: 21,
    security: 'explicit',
    user: 'anna',
    password: 'secret',
    tls: { ca: [authority.cert] },
    traits,
  });
  const stream = await listener.dial();
  const control = await tls.secureControl(stream);
  tls.acceptControl(control);
  control.resume();
  await once(control, 'session');
  control.destroy();
  return tls;
}

async function transfer(listener: Listener, tls: TlsLayer): Promise<boolean> {
  const secured = await tls.secureData(await listener.dial());
  tls.acceptData(secured);
  const isResumed = secured.isSessionReused();
  secured.destroy();
  return isResumed;
}

let listener: Listener;
let told: { name?: string };
beforeEach(async () => {
  listener = await new Listener().listen();
  told = { name: 'X25519MLKEM768' };
  vi.spyOn(TLSSocket.prototype, 'getEphemeralKeyInfo').mockImplementation(() => told);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await listener[Symbol.asyncDispose]();
});

describe('the key shares of data connections', () => {
  it.each(['X25519', 'X25519MLKEM768'])('are small where a session of %s is resumed', async (name) => {
    told = { name };
    const tls = await controlled(listener, newServerTraits());
    expect(await transfer(listener, tls)).toBe(true);
    expect(listener.offered[0]).not.toEqual(classical);
    expect(listener.offered[1]).toEqual(classical);
  });

  it('are those of the control connection where its group is not told', async () => {
    told = {};
    const tls = await controlled(listener, newServerTraits());
    expect(await transfer(listener, tls)).toBe(true);
    expect(listener.offered[1]).toEqual(listener.offered[0]);
  });

  it('are whole again once a session was not resumed, on other sessions with the server too', async () => {
    const traits = newServerTraits();
    const tls = await controlled(listener, traits);
    const other = await controlled(listener, traits);
    listener.context = newContext();
    expect(await transfer(listener, tls)).toBe(false);
    await transfer(listener, tls);
    await transfer(listener, other);
    expect(listener.offered.slice(3)).toEqual([listener.offered[0], listener.offered[0]]);
  });

  it('are whole again once TLS failed with the small ones', async () => {
    const traits = newServerTraits();
    const tls = await controlled(listener, traits);
    listener.context = newContext('P-384');
    await expect(transfer(listener, tls)).rejects.toThrow('The TLS handshake of the data connection failed');
    expect(traits.leanResumption).toBe(false);
    await transfer(listener, tls);
    expect(listener.offered.slice(1)).toEqual([classical, listener.offered[0]]);
  });
});
