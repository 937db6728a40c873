import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { offers, serverNames, startServer, type TlsVersion } from './servers/foreignServer.ts';
import { processesMarked } from './support/processGroup.ts';
import { hearWitness } from './support/witness.ts';

const versions: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3'];

describe.each(serverNames)('%s, as Python meets it', (name) => {
  for (const security of ['explicit', 'implicit'] as const) {
    if (!offers(name, security)) {
      it(`has no ${security} mode to be started in`, async () => {
        await expect(startServer(name, { security })).rejects.toThrow(/cannot be had/);
      });
      continue;
    }
    it.each(versions)(`stores, lists and fetches in ${security} mode under %s alone`, async (tls) => {
      await using server = await startServer(name, { security, tls });
      const seen = await hearWitness(server, security);
      expect(seen.welcome).toMatch(/^220/);
      expect(seen.tls).toBe(tls);
      expect(seen.data.map((connection) => connection.tls)).toEqual([tls, tls, tls]);
      expect(seen.lines.join('\n')).toContain('witness.bin');
      expect(seen.intact).toBe(true);
    });
  }

  it('serves without TLS', async () => {
    await using server = await startServer(name, { security: 'none' });
    const seen = await hearWitness(server, 'none');
    expect(seen.tls).toBeNull();
    expect(seen.intact).toBe(true);
    await expect(hearWitness(server, 'explicit')).rejects.toThrow(/error_perm/);
  });

  it('leaves neither process nor file behind', async () => {
    const server = await startServer(name, { security: 'explicit' });
    const folder = dirname(server.root);
    expect(processesMarked(folder)).not.toEqual([]);
    await hearWitness(server, 'explicit');
    await server.stop();
    expect(processesMarked(folder)).toEqual([]);
    await expect(access(folder)).rejects.toThrow(/ENOENT/);
  });
});

describe.each(['vsftpd', 'proftpd'] as const)('%s with session reuse demanded', (name) => {
  it.each(versions)('takes only data connections that resume the session under %s', async (tls) => {
    await using server = await startServer(name, { security: 'explicit', tls, requireSessionReuse: true });
    const seen = await hearWitness(server, 'explicit');
    expect(seen.data.map((connection) => connection.resumed)).toEqual([true, true, true]);
    await expect(hearWitness(server, 'explicit', false)).rejects.toThrow(/session reuse|425|Operation not/i);
  });
});
