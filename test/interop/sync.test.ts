import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { describe, it } from 'vitest';
import type { RemoteFileSystem } from '../../src/remote/remoteFileSystem.ts';
import { createAuthority, createLeaf } from '../../src/server/certificate.ts';
import { FtpsServer } from '../../src/server/ftpsServer.ts';
import { playOn, type Round, scenario } from '../sync/model/scenarios.ts';
import { World } from '../sync/model/world.ts';
import { startServer } from './servers/foreignServer.ts';
import { filesOf } from './support/filesOf.ts';

const run = promisify(execFile);
const scenarios = Number(process.env['FTPS_SYNC_SERVER_RUNS'] ?? '50');

/** Plays scenarios one after the other, each in a folder of its own that the server shows. */
async function playAll(
  count: number,
  root: string,
  own: (folder: string) => Promise<void>,
  files: RemoteFileSystem,
  healthy: RemoteFileSystem,
  without: Partial<Round> = {},
): Promise<void> {
  for (const [index, scene] of fc.sample(scenario, count).entries()) {
    const folder = join(root, `s${index}`);
    await mkdir(folder);
    await own(folder);
    using world = World.create({ folder, own: () => own(folder) });
    const rounds = scene.rounds.slice(0, 3).map((round) => ({ ...round, ...without }));
    await playOn({ world, files: () => files, healthy: () => healthy, remoteFolder: `/s${index}` }, rounds);
    await rm(folder, { recursive: true });
  }
}

const timeout = 60_000 + scenarios * 10_000;

describe.each(['vsftpd', 'proftpd'] as const)('any sync with %s', (name) => {
  it('loses nothing, ends with both sides equal, and is empty the second time', { timeout }, async () => {
    await using server = await startServer(name, { security: 'explicit', requireSessionReuse: true });
    const { uid, gid } = server.owner;
    const own = async (folder: string): Promise<void> => {
      await run('chown', ['-R', `${uid}:${gid}`, folder]);
    };
    const files = filesOf(server);
    await playAll(scenarios, server.root, own, files, files, { fault: undefined });
    await files.close();
  });
});

const faults = [
  'splitReplies',
  'truncatedUpload',
  'truncatedDownload',
  'noCloseNotify',
  'noOverwritingRename',
  'tooManySessions=2',
] as const;

describe('any sync with our own server, where something is wrong with it', () => {
  it.each(faults)('loses nothing (%s)', { timeout }, async (fault) => {
    const root = await mkdtemp(join(tmpdir(), 'ftps-faulty-'));
    const authority = await createAuthority();
    const certificate = await createLeaf(authority, { names: ['127.0.0.1'] });
    const options = { root, users: { anna: 'secret' }, security: 'explicit', certificate } as const;
    const faulty = await FtpsServer.listen({ ...options, faults: [fault] });
    const sound = await FtpsServer.listen(options);
    const door = { user: 'anna', password: 'secret', ca: authority.cert };
    const files = filesOf({ ...door, host: faulty.host, port: faulty.port });
    const healthy = filesOf({ ...door, host: sound.host, port: sound.port });
    await playAll(Math.ceil(scenarios / faults.length), root, () => Promise.resolve(), files, healthy);
    await Promise.all([files.close(), healthy.close()]);
    await Promise.all([faulty.close(), sound.close()]);
    await rm(root, { recursive: true });
  });
});
