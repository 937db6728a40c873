import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { newServerTraits } from '../../src/client/serverTraits.ts';
import { startSite } from './matrix/sites.ts';

/** Whether listings are ended early there: not where commands are read while data moves. */
const servers = [
  ['vsftpd', true],
  ['proftpd', true],
  ['pure-ftpd', true],
  ['pyftpdlib', undefined],
  ['ours', true],
] as const;

/** Entries of the folders; what the largest takes does not fit into one window. */
const sizes = [0, 1, 20, 150, 3000];

function nameOf(index: number): string {
  return `a file ${String(index).padStart(5, '0')} with a name`;
}

describe.each(servers)('%s', (server, endsEarly) => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'C-38: shows every entry of every folder, however the data connection is ended (%s)',
    async (tls) => {
      await using site = await startSite({ server, security: 'explicit', tls });
      if (!site) throw new Error('the server cannot be had this way');
      for (const size of sizes) {
        const folder = join(site.root, String(size));
        mkdirSync(folder);
        for (let index = 0; index < size; index += 1) writeFileSync(join(folder, nameOf(index)), '');
      }
      const traits = newServerTraits();
      await using client = await FtpsClient.connect({ ...site.connect, traits });
      for (const list of ['list', 'listLong'] as const) {
        for (const size of [20, ...sizes, 1, 20, 1, 20, 1, 20, 1]) {
          const { entries } = await client[list](`/${size}`);
          expect(entries.map(({ name }) => name).toSorted()).toEqual(
            Array.from({ length: size }, (_, index) => nameOf(index)),
          );
        }
        await expect(client.listLong('/missing')).rejects.toMatchObject({ kind: 'refused' });
      }
      expect(client.isOpen).toBe(true);
      expect(traits).toMatchObject({ stepByStep: false, cwdWithList: true, earlyEnd: true });
      expect(traits.earlyListings).toBe(tls === 'TLSv1.3' ? endsEarly : undefined);
    },
  );
});
