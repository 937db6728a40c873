/**
 * A curl that speaks TLS on active data connections: 7.87 and 7.88 do not (github.com/curl/curl/issues/10666), and
 * Debian 12 has 7.88. There the one of its backports is unpacked beside the installed one.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apt, cacheFolder, libraryFolders, run, unpackOnce } from './debianPackages.mjs';

/**
 * @param {{ log?: (line: string) => void }} [options]
 * @returns the program, and what LD_LIBRARY_PATH has to be for it
 * @throws Error when the installed curl is too old and the archive has no newer one
 */
export async function ensureRecentCurl({ log = () => {} } = {}) {
  const { stdout } = await run('curl', ['--version']);
  if (!/^curl 7\.8[78]\./.test(stdout)) return { command: 'curl', libraryPath: '' };
  const release = await readFile('/etc/os-release', 'utf8');
  const suite = `${/^VERSION_CODENAME=(.*)$/m.exec(release)?.[1] ?? 'stable'}-backports`;
  const folder = join(cacheFolder, `curl-${suite}-${process.arch}`);
  await unpackOnce(folder, async (packages) => {
    log(`unpacking curl of ${suite}`);
    const state = `${packages}-state`;
    await mkdir(join(state, 'lists', 'partial'), { recursive: true });
    const sources = join(state, 'sources.list');
    await writeFile(sources, `deb ${await archive()} ${suite} main\n`);
    const only = [
      `Dir::Etc::sourcelist=${sources}`,
      `Dir::Etc::sourceparts=${join(state, 'none')}`,
      `Dir::State::lists=${join(state, 'lists')}`,
      `Dir::Cache=${state}`,
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    await apt([...only, 'update']);
    await apt([...only, 'download', `curl/${suite}`, `libcurl4/${suite}`], packages);
    await rm(state, { recursive: true });
  });
  return {
    command: join(folder, 'usr/bin/curl'),
    libraryPath: (await libraryFolders(folder)).join(':'),
  };
}

/** The archive that the machine gets its packages from. */
async function archive() {
  const { stdout } = await apt(['indextargets', '--format', '$(REPO_URI) $(CODENAME)']);
  const [uri] = stdout.split('\n').map((line) => line.split(' ')[0]);
  if (!uri) throw new Error('apt-get knows no archive to get curl from: check /etc/apt/sources.list.');
  return uri;
}
