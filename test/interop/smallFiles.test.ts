import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { newServerTraits } from '../../src/client/serverTraits.ts';
import { type ServerName, startServer } from './servers/foreignServer.ts';

/** Whether a server bears that this side ends the data connection before a small file has come. */
const servers: readonly (readonly [ServerName, boolean])[] = [
  ['vsftpd', true],
  ['proftpd', true],
  ['pure-ftpd', true],
  ['pyftpdlib', false],
];

const sizes = [1, 2, 1000, 4096, 8000, 8191, 8192];

describe.each(servers)('%s', (name, bearsIt) => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'C-37: hands out small files byte for byte (%s)',
    async (version) => {
      const requireSessionReuse = name === 'vsftpd' || name === 'proftpd';
      await using server = await startServer(name, {
        security: 'explicit',
        tls: version,
        requireSessionReuse,
      });
      const contents = sizes.map((size) => Buffer.alloc(size, `${size} `));
      for (const content of contents) {
        const file = join(server.root, `${content.length}.bin`);
        await writeFile(file, content);
        await chown(file, server.owner.uid, server.owner.gid);
      }
      const { host, port, user, password, ca } = server;
      const traits = newServerTraits();
      const tls = { ca: [ca] };
      await using client = await FtpsClient.connect({
        host,
        port,
        security: 'explicit',
        user,
        password,
        tls,
        traits,
      });
      for (let round = 0; round < 5; round++) {
        for (const content of contents) {
          const sink = new PassThrough();
          const expectedSize = content.length;
          const [came] = await Promise.all([
            buffer(sink),
            client.retrieve(`/${content.length}.bin`, sink, { expectedSize }),
          ]);
          expect(Buffer.compare(came, content)).toBe(0);
        }
      }
      expect(traits.earlyEnd).toBe(bearsIt);
    },
  );
});
