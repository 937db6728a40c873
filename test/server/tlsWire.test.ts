import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TlsWire } from '../../src/server/tlsWire.ts';

const alert = Buffer.from([21, 3, 3, 0, 2, 1, 0]);

let near: Socket;
let far: Socket;
beforeEach(async () => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  far = connect({
    port: typeof address === 'object' && address !== null ? address.port : 0,
    host: '127.0.0.1',
  });
  far.on('error', () => {});
  [near] = await once(server, 'connection');
  server.close();
});
afterEach(() => {
  near.destroy();
  far.destroy();
});

/** The bytes that a stream gives until there are so many. */
async function take(stream: Socket | TlsWire, count: number): Promise<string> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  while (Buffer.concat(chunks).length < count) await once(stream, 'data');
  return Buffer.concat(chunks).toString('latin1');
}

describe('the stream under TLS', () => {
  it('leaves to the socket whatever follows the closing alert, in however many pieces', async () => {
    const wire = new TlsWire(near, { endsSocket: false });
    const taken = take(wire, alert.length);
    far.write(Buffer.concat([alert, Buffer.from('NO')]));
    expect(await taken).toBe(alert.toString('latin1'));
    far.write('OP\r\n');
    // The socket may have read on before it was paused.
    near.emit('data', Buffer.from('first '));
    wire.detach();
    wire.detach();
    const behind = take(near, 12);
    near.resume();
    expect(await behind).toBe('NOfirst OP\r\n');
  });

  it('refuses to send once it is off the socket', async () => {
    const wire = new TlsWire(near, { endsSocket: true });
    wire.detach();
    const failed = once(wire, 'error');
    wire.write('x');
    expect(String(await failed)).toContain('The connection is closed.');
    wire.read();
    wire.destroy();
    expect(near.destroyed).toBe(false);
  });
});
