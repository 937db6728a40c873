// What TLS alone costs in Node at its best, without FTP: a file from the disk of one process to that of another.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ConnectOpts } from 'node:net';
import { dirname, join } from 'node:path';
import { type ConnectionOptions, connect, createServer, type TLSSocket } from 'node:tls';
import { BlockReader, BlockWriter } from './blocks.ts';
import { obey, placeFromArguments } from './deeds.ts';

const place = placeFromArguments();
/** Bytes of an upload that TLS is given at once. */
const pieceBytes = 128 * 1024;

async function send(file: string, socket: TLSSocket): Promise<void> {
  await using source = await open(file);
  for await (const block of new BlockReader(source)) {
    for (let start = 0; start < block.length; start += pieceBytes) {
      const piece = block.subarray(start, start + pieceBytes);
      await new Promise((resolve) => socket.write(piece, resolve));
    }
  }
  socket.end();
}

/** Listens for one kind of visitors. @returns the port */
async function listen(welcome: (socket: TLSSocket) => Promise<void>): Promise<number | undefined> {
  const folder = dirname(place.caFile);
  const [key, cert] = ['leaf.key', 'leaf.pem'].map((name) => readFileSync(join(folder, name)));
  if (!key || !cert) throw new Error('There is no certificate.');
  const server = createServer({ key, cert, allowHalfOpen: true }, (socket) => {
    void welcome(socket).catch(() => socket.destroy());
  });
  server.listen(0, place.host);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

const endpoint = (port: string) => ({
  host: place.host,
  port: Number(port),
  ca: [readFileSync(place.caFile, 'utf8')],
});

await obey({
  /** Sends a file to whoever connects. @returns the port */
  offer: (file) => listen((socket) => send(file ?? '', socket)),
  /** Writes to a file what whoever connects sends, and ends when that is on the disk. @returns the port */
  take: (file) =>
    listen(async (socket) => {
      await using target = await open(file ?? '', 'w');
      const writer = new BlockWriter(target, () => socket.resume());
      socket.on('data', (bytes: Buffer) => {
        if (!writer.put(bytes)) socket.pause();
      });
      await once(socket, 'end');
      await writer.end();
      socket.end();
    }),
  download: async (port, local) => {
    await using target = await open(local ?? '', 'w');
    const writer = new BlockWriter(target, () => socket.resume());
    const options: ConnectionOptions & ConnectOpts = {
      ...endpoint(port ?? ''),
      // TLS decrypts to where the disk is written from.
      onread: { buffer: () => writer.room, callback: (bytes) => writer.filled(bytes) },
    };
    const socket: TLSSocket = connect(options);
    await once(socket, 'end');
    await writer.end();
  },
  upload: async (port, local) => {
    const socket = connect(endpoint(port ?? ''));
    await once(socket, 'secureConnect');
    const ended = once(socket.resume(), 'end');
    await send(local ?? '', socket);
    await ended;
  },
});
