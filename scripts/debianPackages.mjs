/**
 * Debian packages that are used without being installed: unpacked into a cache folder outside the repository.
 * Plain JavaScript without dependencies, valid on Node 20.
 */
import { execFile } from 'node:child_process';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);

export const cacheFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ftps-explorer');

/**
 * Unpacks into a folder of its own and moves it into place when whole, so nobody ever sees a half of it.
 * @param {(packages: string) => Promise<void>} fetch downloads the packages into the folder it is given
 */
export async function unpackOnce(folder, fetch) {
  if (await exists(join(folder, 'complete'))) return;
  const partial = `${folder}.${process.pid}`;
  try {
    await rm(partial, { recursive: true, force: true });
    const packages = join(partial, 'packages');
    await mkdir(packages, { recursive: true });
    await fetch(packages);
    for (const name of await readdir(packages)) {
      if (name.endsWith('.deb')) await run('dpkg', ['-x', join(packages, name), partial]);
    }
    await rm(packages, { recursive: true });
    await writeFile(join(partial, 'complete'), '');
    await rename(partial, folder);
  } catch (error) {
    // Another process may have put the same thing there in the meantime.
    if (!(await exists(join(folder, 'complete')))) throw error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

export async function apt(args, cwd = '/', program = 'apt-get') {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const options = { cwd, env, maxBuffer: 64 * 1024 * 1024, timeout: 600_000 };
  return run(program, ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], options);
}

/** For LD_LIBRARY_PATH. */
export async function libraryFolders(folder) {
  const found = [];
  for (const parent of ['usr/lib', 'lib']) {
    const names = await readdir(join(folder, parent)).catch(() => []);
    found.push(...names.filter((name) => name.includes('-linux-')).map((name) => join(folder, parent, name)));
  }
  return found;
}

export async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  );
}
