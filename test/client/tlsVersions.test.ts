import { once } from 'node:events';
import { createServer } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../../src/client/connectOptions.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { failureOf, optionsFor } from './dialogue.ts';

const defaultCiphers = tls.DEFAULT_CIPHERS;

afterEach(() => {
  tls.DEFAULT_CIPHERS = defaultCiphers;
});

/** The extension in which a ClientHello lists the versions that it would speak. RFC 8446 §4.2.1 */
const supportedVersions = 0x2b;

/** The versions that a ClientHello offers, such as 0x0303 for TLS 1.2. RFC 8446 §4.1.2 */
function offeredVersions(record: Buffer): number[] {
  // Headers of record and handshake, the legacy version, the random bytes.
  let at = 5 + 4 + 2 + 32;
  at += 1 + record.readUInt8(at);
  at += 2 + record.readUInt16BE(at);
  at += 1 + record.readUInt8(at);
  const end = at + 2 + record.readUInt16BE(at);
  at += 2;
  while (at < end) {
    const [type, length] = [record.readUInt16BE(at), record.readUInt16BE(at + 2)];
    at += 4;
    if (type === supportedVersions) {
      const list = record.subarray(at + 1, at + length);
      return Array.from({ length: list.length / 2 }, (_, index) => list.readUInt16BE(2 * index));
    }
    at += length;
  }
  return [record.readUInt16BE(9)];
}

/** What the client says first on an implicit port. */
async function hello(options: ConnectOptions['tls'] = {}): Promise<number[]> {
  let heard = Buffer.alloc(0);
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (chunk) => {
      heard = chunk;
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const connecting = FtpsClient.connect(optionsFor({ port }, { security: 'implicit', tls: options }));
  await failureOf(connecting);
  server.close();
  return offeredVersions(heard);
}

describe('the versions of TLS that the client offers', () => {
  it('C-29: are 1.3 and 1.2 and no older one, even where the process would allow that', async () => {
    tls.DEFAULT_CIPHERS = 'DEFAULT@SECLEVEL=0';
    expect(await hello()).toEqual([0x0304, 0x0303]);
  });

  it('C-29: are those within the bounds of the profile', async () => {
    expect(await hello({ maxVersion: 'TLSv1.2' })).toEqual([0x0303]);
    expect(await hello({ minVersion: 'TLSv1.3' })).toEqual([0x0304]);
  });
});
