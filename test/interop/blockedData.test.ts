import { chown, readdir, readFile, writeFile } from 'node:fs/promises';
import { Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { newServerTraits } from '../../src/client/serverTraits.ts';
import { RemoteFileSystem } from '../../src/remote/remoteFileSystem.ts';
import { SessionPool } from '../../src/remote/sessionPool.ts';
import { serverNames, startServer } from './servers/foreignServer.ts';
import { claimPorts } from '../support/ports.ts';

afterEach(() => void vi.restoreAllMocks());

/** A firewall refuses the data connections that servers open: they are told a port on which nobody listens. */
async function blockDataConnections(): Promise<void> {
  const ports = await claimPorts();
  onTestFinished(() => ports.release());
  const address = { port: ports.passive[0], address: '127.0.0.1', family: 'IPv4' };
  vi.spyOn(Server.prototype, 'address').mockReturnValue(address);
}

describe.each(serverNames)('%s', (name) => {
  it('keeps the live file of a save whose data connection it cannot open', async () => {
    await using server = await startServer(name, { security: 'explicit' });
    const { host, port, user, password, owner, root, ca } = server;
    const traits = newServerTraits();
    const login = { host, port, security: 'explicit' as const, user, password, tls: { ca: [ca] } };
    const pool = new SessionPool(
      (signal) => FtpsClient.connect({ ...login, traits, dataMode: 'active' }, signal),
      { limit: 1 },
    );
    const kept: string[] = [];
    const keepLocalCopy = async (path: string) => {
      kept.push(path);
      return async () => {};
    };
    const files = new RemoteFileSystem(pool, { keepLocalCopy });
    try {
      await writeFile(join(root, 'index.html'), 'the live page');
      await chown(join(root, 'index.html'), owner.uid, owner.gid);
      await files.connect();
      await blockDataConnections();
      const save = files.writeFile('/index.html', Buffer.from('new'), { create: true, overwrite: true });
      await expect(save).rejects.toMatchObject({ kind: 'unavailable' });
      expect(await readFile(join(root, 'index.html'), 'utf8')).toBe('the live page');
      expect(await readdir(root)).toEqual(['index.html']);
      expect(kept).toEqual([]);
    } finally {
      await files.close();
    }
  }, 60_000);
});
