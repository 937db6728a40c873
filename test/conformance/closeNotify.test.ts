import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { createAuthority, createLeaf } from '../../src/server/certificate.ts';
import { FtpsServer } from '../../src/server/ftpsServer.ts';

const ALERT = 21;
const APPLICATION_DATA = 23;
/** Of an alert under TLS 1.3: 2 bytes, its hidden type, the tag. RFC 8446 §5.2 */
const SEALED_ALERT_BYTES = 19;

it.each([
  ['TLSv1.2', [ALERT]],
  ['TLSv1.3', [APPLICATION_DATA, SEALED_ALERT_BYTES]],
] as const)('C-57: the last that a session says is close_notify (%s)', async (version, expected) => {
  const authority = await createAuthority();
  const root = await mkdtemp(join(tmpdir(), 'ftps-conformance-'));
  await using server = await FtpsServer.listen({
    root,
    users: { alice: 'secret' },
    security: 'implicit',
    certificate: await createLeaf(authority, { names: ['127.0.0.1'] }),
    minVersion: version,
    maxVersion: version,
  });
  // Between the two, whoever looks at the bytes.
  const said: Buffer[] = [];
  const relay = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    near.on('data', (chunk) => said.push(chunk));
    near.pipe(far).pipe(near);
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const address = relay.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const client = await FtpsClient.connect({
    host: '127.0.0.1',
    port,
    security: 'implicit',
    user: 'alice',
    password: 'secret',
    tls: { ca: [authority.cert] },
  });
  await client.quit();
  relay.close();
  await once(relay, 'close');
  expect(recordsOf(Buffer.concat(said)).at(-1)?.slice(0, expected.length)).toEqual(expected);
  await rm(root, { recursive: true });
});

/** Type and length of each record. RFC 8446 §5.1 */
function recordsOf(bytes: Buffer): (readonly [type: number, length: number])[] {
  const records: (readonly [number, number])[] = [];
  for (let at = 0; at < bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) {
    records.push([bytes.readUInt8(at), bytes.readUInt16BE(at + 3)]);
  }
  return records;
}
