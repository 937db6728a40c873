import { once } from 'node:events';
import { createServer } from 'node:net';
import { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { DataSocket } from '../../src/client/dataSocket.ts';
import { RecordStream } from '../../src/client/recordStream.ts';
import { until } from '../support/until.ts';
import { offerPort } from './dialogue.ts';
import { identity } from './identity.ts';
import { sessionWith } from './session.ts';

const mebibyte = 1024 * 1024;

/** Bytes that tell their places. */
function content(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, place) => (place * 31 + (place >> 8)) % 251));
}

/** A connection on which the peer says these bytes, and ends. */
async function hearing(bytes: Buffer): Promise<DataSocket> {
  const server = createServer((peer) => peer.end(bytes)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const socket = new DataSocket();
  socket.connect({ host: '127.0.0.1', port: typeof address === 'object' && address ? address.port : 0 });
  await once(socket, 'connect');
  server.close();
  return socket;
}

describe('a data connection that this end dials', () => {
  it('reads as any other in clear', async () => {
    const bytes = content(500_000);
    const socket = await hearing(bytes);
    expect((await buffer(socket)).equals(bytes)).toBe(true);
    socket.end();
  });

  it('overwrites nothing that its reader has not taken yet', async () => {
    const bytes = content(2 * mebibyte);
    const socket = await hearing(bytes);
    const stream = new RecordStream(socket);
    const kept: Buffer[] = [];
    for await (const chunk of stream) {
      await new Promise(setImmediate);
      kept.push(Buffer.from(chunk));
    }
    expect(Buffer.concat(kept).equals(bytes)).toBe(true);
    stream.destroy();
  });

  it('loses nothing that came before it had a reader', async () => {
    const bytes = content(10_000);
    const socket = await hearing(bytes);
    await until(() => socket.readableLength === bytes.length);
    expect((await buffer(new RecordStream(socket))).equals(bytes)).toBe(true);
    socket.destroy();
  });

  it('holds the server back while the sink of a download is slow, so that memory does not fill', async () => {
    const piece = Buffer.alloc(64 * 1024);
    const total = 48 * mebibyte;
    let sent = 0;
    let taken = 0;
    let lead = 0;
    await using at = await sessionWith(async (connection) => {
      const listener = await offerPort(connection);
      const data = await listener.connection;
      await connection.answer('RETR /a', '150 opening');
      const tls = await data.startTls(identity);
      while (sent < total) {
        await new Promise((resolve) => tls.write(piece, resolve));
        sent += piece.length;
        lead = Math.max(lead, sent - taken);
      }
      tls.end();
      connection.say('226 done');
    });
    const slow = new Writable({
      write(chunk: Buffer, _encoding, done) {
        taken += chunk.length;
        setImmediate(done);
      },
    });
    expect(await at.client.retrieve('/a', slow)).toBe(total);
    // What the systems of both ends hold for the network is some of it.
    expect(lead).toBeLessThan(24 * mebibyte);
  });
});
