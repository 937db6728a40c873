// Adds to package-lock.json the platform packages that npm left out because the registry it asked did not serve them.
// `npm ci` refuses a lock file with such holes, on every platform. Run after a change of dependencies: npm run lock
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './bootstrap.mjs';

const systems = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64'];

/**
 * The lock entry of a package named for its platform, such as `@biomejs/cli-linux-x64-musl`.
 * @param {string} name
 * @param {string} version
 * @param {{ dev?: boolean, license?: string, engines?: Record<string, string> }} parent
 */
function platformEntry(name, version, parent) {
  const words = name.split(/[/-]/);
  const os = systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor));
  if (os === undefined || cpu === undefined) throw new Error(`${name} does not name its platform`);
  const musl = words.some((word) => word.startsWith('musl'));
  return {
    version,
    cpu: [cpu],
    ...(parent.dev === true && { dev: true }),
    ...(os === 'linux' && { libc: [musl ? 'musl' : 'glibc'] }),
    ...(parent.license !== undefined && { license: parent.license }),
    optional: true,
    os: [os],
    ...(parent.engines !== undefined && { engines: parent.engines }),
  };
}

const file = join(repository, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    if (path === '' || place in lock.packages || `${path}/${place}` in lock.packages) continue;
    if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name}@${version} is not one exact version`);
    lock.packages[place] = platformEntry(name, version, entry);
    added.push(`${name}@${version}`);
  }
}
const byPath = Object.entries(lock.packages).toSorted(([first], [second]) => (first < second ? -1 : 1));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(byPath) }, null, 2)}\n`);
console.log(added.length === 0 ? 'The lock file is complete.' : `Added ${added.join(', ')}`);
