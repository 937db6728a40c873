import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Target {
  readonly security: 'explicit' | 'implicit';
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  readonly port: number;
  /** The only authority that the client shall trust. */
  readonly caFile: string;
}

/** An FTPS client that nobody here wrote; the server is at 127.0.0.1, the user anna, the password secret. */
export interface ForeignClient {
  readonly name: string;
  /** Resumes the control connection's TLS session on data connections. */
  readonly resumes: boolean;
  /** The names in the root folder. */
  list(target: Target): Promise<string[]>;
  fetch(target: Target, name: string, localFile: string): Promise<void>;
  store(target: Target, localFile: string, name: string): Promise<void>;
}

const LIMIT_MILLISECONDS = 40_000;

/** What the program wrote to its standard output. @throws Error when it is not installed, fails or hangs. */
async function run(program: string, aptPackage: string, parameters: readonly string[]): Promise<string> {
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Neither the user's settings nor a proxy have a say.
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
    timeout: LIMIT_MILLISECONDS,
    killSignal: 'SIGKILL',
  });
  const [output, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new Error(`${program} is missing; install it with: apt-get install ${aptPackage}`, { cause }));
    });
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  if (status !== 0) {
    throw new Error(`${program} ended with ${status}: ${Buffer.concat(errors).toString().trim()}`);
  }
  return Buffer.concat(output).toString();
}

function lines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}

function curl(target: Target, path: string, ...parameters: string[]): Promise<string> {
  const version = target.version.replace('TLSv', '');
  const scheme = target.security === 'implicit' ? 'ftps' : 'ftp';
  const tls = ['--ssl-reqd', '--cacert', target.caFile, `--tlsv${version}`, '--tls-max', version];
  const url = `${scheme}://127.0.0.1:${target.port}/${encodeURIComponent(path)}`;
  return run('curl', 'curl', ['-q', '-sS', '--fail', ...tls, '--user', 'anna:secret', ...parameters, url]);
}

const curlClient: ForeignClient = {
  name: 'curl',
  resumes: true,
  list: async (target) => lines(await curl(target, '', '--list-only')),
  fetch: async (target, name, localFile) => {
    await curl(target, name, '--output', localFile);
  },
  store: async (target, localFile, name) => {
    await curl(target, name, '--upload-file', localFile);
  },
};

function lftp(target: Target, command: string): Promise<string> {
  const scheme = target.security === 'implicit' ? 'ftps' : 'ftp';
  const version = target.version.replace('TLSv', '');
  const script = [
    'set cmd:fail-exit yes',
    'set net:max-retries 1',
    'set net:timeout 30',
    'set ftp:ssl-force yes',
    'set ftp:ssl-protect-data yes',
    'set ssl:verify-certificate yes',
    `set ssl:ca-file "${target.caFile}"`,
    `set ssl:priority "NORMAL:-VERS-ALL:+VERS-TLS${version}"`,
    'set xfer:clobber yes',
    `open -u anna,secret ${scheme}://127.0.0.1:${target.port}`,
    command,
  ];
  return run('lftp', 'lftp', ['--norc', '-c', script.join('; ')]);
}

const lftpClient: ForeignClient = {
  name: 'lftp',
  resumes: true,
  list: async (target) => lines(await lftp(target, 'cls -1 --quiet')),
  fetch: async (target, name, localFile) => {
    await lftp(target, `get "${name}" -o "${localFile}"`);
  },
  store: async (target, localFile, name) => {
    await lftp(target, `put "${localFile}" -o "${name}"`);
  },
};

function ftplib(target: Target, ...parameters: string[]): Promise<string> {
  const script = fileURLToPath(new URL('ftplib_client.py', import.meta.url));
  const common = [target.security, target.version, String(target.port), target.caFile];
  return run('/usr/bin/python3', 'python3', [script, ...common, ...parameters]);
}

const ftplibClient: ForeignClient = {
  name: 'ftplib',
  resumes: false,
  list: async (target) => lines(await ftplib(target, 'list')),
  fetch: async (target, name, localFile) => {
    await ftplib(target, 'fetch', name, localFile);
  },
  store: async (target, localFile, name) => {
    await ftplib(target, 'store', localFile, name);
  },
};

export const foreignClients: readonly ForeignClient[] = [curlClient, lftpClient, ftplibClient];
