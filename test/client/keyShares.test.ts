import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { connectTls, createContext } from '../../src/client/tlsPlatform.ts';

const supportedGroups = 10;
const keyShare = 51;
const p256 = 0x17;

/** The body of each extension of a ClientHello in one record. RFC 8446 §4.1.2 */
function extensionsOf(hello: Buffer): Map<number, Buffer> {
  let at = 5 + 4 + 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at) + 2;
  const extensions = new Map<number, Buffer>();
  while (at < hello.length) {
    const length = hello.readUInt16BE(at + 2);
    extensions.set(hello.readUInt16BE(at), hello.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return extensions;
}

/** What a client with this context says first. */
async function helloOf(secureContext: SecureContext): Promise<Map<number, Buffer>> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const socket = connect(port, '127.0.0.1');
  const came: Promise<Buffer> = new Promise((resolve) => {
    server.once('connection', (peer) => {
      let bytes = Buffer.alloc(0);
      peer.on('data', (chunk: Buffer) => {
        bytes = Buffer.concat([bytes, chunk]);
        if (bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt16BE(3)) resolve(bytes);
      });
    });
  });
  const stream = connectTls({
    socket,
    host: '127.0.0.1',
    secureContext,
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  stream.on('error', () => {});
  try {
    return extensionsOf(await came);
  } finally {
    socket.destroy();
    server.close();
  }
}

/** The groups of its key shares. RFC 8446 §4.2.8 */
function sharesOf(hello: Map<number, Buffer>): number[] {
  const body = hello.get(keyShare) ?? Buffer.alloc(0);
  const groups: number[] = [];
  for (let at = 2; at < body.length; at += 4 + body.readUInt16BE(at + 2)) groups.push(body.readUInt16BE(at));
  return groups;
}

describe('the first ClientHello to a server', () => {
  it('offers what the library does, with a key share for P-256 where it can send several', async () => {
    const usual = await helloOf(createSecureContext());
    const ours = await helloOf(createContext({ minVersion: 'TLSv1.2' }, []));
    const shares = sharesOf(usual);
    expect(shares.length).toBeGreaterThan(0);
    expect(sharesOf(ours)).toEqual(shares.length > 1 ? [...shares, p256] : shares);
    expect(ours.get(supportedGroups)?.toSorted()).toEqual(usual.get(supportedGroups)?.toSorted());
  });

  it('offers a learnt group first', async () => {
    const hello = await helloOf(createContext({ minVersion: 'TLSv1.2', firstGroup: 'P-256' }, []));
    expect(sharesOf(hello)).toEqual([p256]);
  });
});
