/**
 * Gets what the tests need for a disk that takes names for the same which differ in case or Unicode form, as those of
 * macOS and Windows do: FUSE with Python, and exFAT. Unpacked into a cache folder, not installed.
 *
 * Plain JavaScript without dependencies, valid on Node 20.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apt, cacheFolder, libraryFolders, run, unpackOnce } from './debianPackages.mjs';

/** Raise it when the way of unpacking changes. */
const layout = 1;
const packages = ['python3-fusepy', 'libfuse2', 'exfat-fuse', 'exfatprogs'];

/** @throws Error where it cannot be had: `/dev/fuse`, loop devices, root and apt-get are needed */
export async function ensureFoldingDisks({ log = (_line) => {} } = {}) {
  const release = /^VERSION_ID=.*$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[0];
  const key = createHash('sha256')
    .update(JSON.stringify([layout, packages, process.arch, release]))
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheFolder, `folding-${key}`);
  await unpackOnce(folder, async (place) => {
    log(`unpacking ${packages.join(', ')}`);
    await apt(['download', ...packages], place).catch(async () => {
      await apt(['update']);
      await apt(['download', ...packages], place);
    });
  });
  const libraries = await libraryFolders(folder);
  const { stdout } = await run('find', [...libraries, '-name', 'libfuse.so.2']);
  return {
    python: '/usr/bin/python3',
    environment: {
      FUSE_LIBRARY_PATH: stdout.trim(),
      PYTHONPATH: join(folder, 'usr/lib/python3/dist-packages'),
      LD_LIBRARY_PATH: libraries.join(':'),
    },
    exfat: join(folder, 'sbin/mount.exfat-fuse'),
    makeExfat: join(folder, 'usr/sbin/mkfs.exfat'),
  };
}
