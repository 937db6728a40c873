/**
 * Gets the FTPS servers that the tests talk to, as Debian packages: vsftpd, ProFTPD, Pure-FTPd and pyftpdlib.
 * They cannot be installed side by side, so each is unpacked into a cache folder outside the repository; only
 * the client programs and Python's OpenSSL are installed. vsftpd logs people in through PAM, so it also takes a
 * system user without a shell, its password in /var/lib, and a PAM service, all named `ftps-explorer-test`.
 *
 * Plain JavaScript without dependencies, valid on Node 20: it runs before anything else is installed.
 */
import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apt, cacheFolder, exists, libraryFolders, run, unpackOnce } from './debianPackages.mjs';

/** Raise it when the way of unpacking changes: older caches are then left alone and not used. */
const layout = 1;
const accountName = 'ftps-explorer-test';
/** Of the machine like the user itself, so that all checkouts and caches agree on the password. */
const accountFile = `/var/lib/${accountName}/account.json`;
const pamFile = `/etc/pam.d/${accountName}`;
const pamService = 'auth required pam_unix.so nodelay\naccount required pam_unix.so\n';
/** Each line is one server: what apt would install for it (were it not for the others) is what it needs. */
const servers = [['vsftpd'], ['proftpd-core', 'proftpd-mod-crypto'], ['pure-ftpd'], ['python3-pyftpdlib']];
/** Programs used in place, and the package that brings each. */
const installed = [
  ['/usr/bin/openssl', 'openssl'],
  ['/usr/bin/curl', 'curl'],
  ['/usr/bin/lftp', 'lftp'],
  ['/usr/bin/python3', 'python3'],
  ['/usr/lib/python3/dist-packages/OpenSSL/__init__.py', 'python3-openssl'],
];

/**
 * Makes sure that everything is there; does next to nothing when it is.
 * @param {{ log?: (line: string) => void }} [options]
 * @returns where the servers are, and the account to log in with
 * @throws Error that names the command to run where something may not be installed from here
 */
export async function ensureForeignServers({ log = () => {} } = {}) {
  await requireDebianRoot();
  await installPrograms(log);
  const folder = join(cacheFolder, `servers-${await cacheKey()}`);
  await unpack(folder, log);
  const account = await ensureAccount(log);
  const found = (path) => join(folder, path);
  return {
    folder,
    vsftpd: found('usr/sbin/vsftpd'),
    proftpd: found('usr/sbin/proftpd'),
    proftpdModules: found('usr/lib/proftpd'),
    pureFtpd: found('usr/sbin/pure-ftpd'),
    purePw: found('usr/bin/pure-pw'),
    python: '/usr/bin/python3',
    pythonPath: found('usr/lib/python3/dist-packages'),
    libraryPath: (await libraryFolders(folder)).join(':'),
    pamService: accountName,
    account,
  };
}

async function requireDebianRoot() {
  if (!(await exists('/usr/bin/apt-get'))) {
    throw new Error(
      'The foreign servers come as Debian packages, and this machine has no apt-get: run these tests on Debian or Ubuntu.',
    );
  }
  if (process.getuid?.() !== 0) {
    throw new Error(
      'The foreign servers need root (PAM, chroot, a system user). Run: sudo env "PATH=$PATH" npm test -- --system',
    );
  }
}

async function cacheKey() {
  const release = await readFile('/etc/os-release', 'utf8');
  return createHash('sha256')
    .update(JSON.stringify([layout, servers, process.arch, /^VERSION_ID=.*$/m.exec(release)?.[0]]))
    .digest('hex')
    .slice(0, 12);
}

async function installPrograms(log) {
  const missing = [];
  for (const [path, name] of installed) if (!(await exists(path))) missing.push(name);
  if (missing.length === 0) return;
  log(`installing ${missing.join(', ')}`);
  await withFreshLists(log, () => apt(['install', '--yes', '--no-install-recommends', ...missing]));
}

function unpack(folder, log) {
  return unpackOnce(folder, (packages) =>
    withFreshLists(log, async () => {
      const names = await packagesToUnpack();
      log(`unpacking ${names.join(', ')}`);
      await apt(['download', ...names], packages);
    }),
  );
}

async function packagesToUnpack() {
  const names = new Set(servers.flat());
  for (const server of servers) {
    const { stdout } = await apt(['install', '--simulate', '--no-install-recommends', ...server]);
    for (const [, name] of stdout.matchAll(/^Inst (\S+) /gm)) names.add(name);
  }
  return [...names];
}

/** Package lists may be absent (a fresh container) or old (the archive has dropped a version). */
async function withFreshLists(log, act) {
  try {
    return await act();
  } catch (error) {
    log(`fetching package lists (${String(error.message).split('\n')[0]})`);
    await apt(['update']);
    return act();
  }
}

async function ensureAccount(log) {
  const account = await readAccount();
  if (!(await databaseLine('/etc/passwd'))) {
    log(`adding the system user ${accountName}`);
    const flags = [
      '--system',
      '--user-group',
      '--no-create-home',
      '--home-dir',
      '/',
      '--shell',
      '/usr/sbin/nologin',
    ];
    await run('useradd', [...flags, '--password', account.hash, accountName]).catch(async (error) => {
      if (!(await databaseLine('/etc/passwd'))) throw error;
    });
  }
  if ((await databaseLine('/etc/shadow'))?.[1] !== account.hash) {
    await run('usermod', ['--password', account.hash, accountName]);
  }
  if ((await readFile(pamFile, 'utf8').catch(() => '')) !== pamService) {
    log(`writing ${pamFile}`);
    await writeFile(pamFile, pamService);
  }
  const [, , uid, gid] = (await databaseLine('/etc/passwd')) ?? [];
  return { user: accountName, ...account, uid: Number(uid), gid: Number(gid) };
}

/** The password is made up once. */
async function readAccount() {
  if (!(await exists(accountFile))) {
    const password = randomBytes(18).toString('base64url');
    const { stdout } = await run('openssl', ['passwd', '-6', password]);
    const draft = `${accountFile}.${process.pid}`;
    await mkdir(dirname(accountFile), { recursive: true, mode: 0o700 });
    await writeFile(draft, JSON.stringify({ password, hash: stdout.trim() }), { mode: 0o600 });
    // The first of two processes wins, and both then read the same, whole.
    await link(draft, accountFile).catch(() => {});
    await rm(draft);
  }
  return JSON.parse(await readFile(accountFile, 'utf8'));
}

async function databaseLine(file) {
  const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.split(':'));
  return lines.find(([name]) => name === accountName);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { folder } = await ensureForeignServers({ log: (line) => console.error(line) });
    console.log(folder);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
