// What TLS alone costs in Node, without FTP: a file from the disk of one process to that of another.
import { once } from 'node:events';
import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { obey, placeFromArguments } from './deeds.ts';

const place = placeFromArguments();
/** Bytes that are read from the disk at once. */
const highWaterMark = 256 * 1024;

async function dial(port: string): Promise<TLSSocket> {
  const ca = readFileSync(place.caFile, 'utf8');
  const socket = connect({ host: place.host, port: Number(port), ca: [ca] });
  await once(socket, 'secureConnect');
  return socket;
}

await obey({
  /** Sends a file to whoever connects. @returns the port */
  offer: async (file) => {
    const folder = dirname(place.caFile);
    const [key, cert] = ['leaf.key', 'leaf.pem'].map((name) => readFileSync(join(folder, name)));
    if (!key || !cert) throw new Error('There is no certificate.');
    const server = createServer({ key, cert }, (socket) => {
      void pipeline(createReadStream(file ?? '', { highWaterMark }), socket).catch(() => {});
    });
    server.listen(0, place.host);
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' ? address?.port : undefined;
  },
  download: async (port, local) => {
    await pipeline(await dial(port ?? ''), createWriteStream(local ?? ''));
  },
});
