import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../bootstrap.mjs';
import { ensureRecentCurl } from '../recentCurl.mjs';
import type { Command } from './program.ts';
import type { ServerPlace } from './serverHost.ts';

/** One file: its path on the server without a leading slash, and on this computer. */
export interface FilePair {
  readonly remote: string;
  readonly local: string;
}

export type Direction = 'down' | 'up';

export interface CurlProgram {
  readonly command: string;
  readonly libraryPath: string;
}

const run = promisify(execFile);

/** Makes sure that all peers are there. @returns their versions. @throws Error that names the command to run */
export async function ensurePeers(
  log: (line: string) => void,
): Promise<{ curl: CurlProgram; versions: Map<string, string> }> {
  const missing: string[] = [];
  for (const name of ['curl', 'lftp', 'rclone', 'openssl']) {
    await access(`/usr/bin/${name}`).catch(() => missing.push(name));
  }
  if (missing.length > 0) {
    const words = ['install', '--yes', '--no-install-recommends', ...missing];
    log(`installing ${missing.join(', ')}`);
    await run('apt-get', words).catch((cause: unknown) => {
      throw new Error(
        `${missing.join(', ')} cannot be installed; run: apt-get update && apt-get ${words.join(' ')}`,
        { cause },
      );
    });
  }
  const curl = await ensureRecentCurl({ log }).catch(() => ({ command: 'curl', libraryPath: '' }));
  const first = async (command: string, ...words: string[]): Promise<string> => {
    const { stdout } = await run(command, words, {
      env: { ...process.env, LD_LIBRARY_PATH: curl.libraryPath },
    });
    return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? stdout.split('\n')[0] ?? '';
  };
  const manifest: { version: string } = JSON.parse(
    await readFile(join(repository, 'node_modules/basic-ftp/package.json'), 'utf8'),
  );
  const versions = new Map([
    ['curl', await first(curl.command, '--version')],
    ['lftp', await first('lftp', '--version')],
    ['rclone', await first('rclone', 'version')],
    ['basic-ftp', manifest.version],
  ]);
  return { curl, versions };
}

export class Curl {
  readonly #program: CurlProgram;

  constructor(program: CurlProgram) {
    this.#program = program;
  }

  list(place: ServerPlace, path: string): Command {
    return this.#command(place, ['--output', '/dev/null', `${url(place)}/${path}/`]);
  }

  /** @param atOnce transfers side by side; 1 for one session */
  async move(
    place: ServerPlace,
    direction: Direction,
    pairs: readonly FilePair[],
    atOnce: number,
    scratch: string,
  ): Promise<Command> {
    const word = direction === 'down' ? 'output' : 'upload-file';
    const lines = pairs.map(({ remote, local }) => `url = "${url(place)}/${remote}"\n${word} = "${local}"\n`);
    const file = join(scratch, `curl-${Math.random().toString(36).slice(2)}`);
    await writeFile(file, lines.join(''));
    const parallel =
      atOnce > 1 ? ['--parallel', '--parallel-immediate', '--parallel-max', String(atOnce)] : [];
    // A session of TLS 1.3 is taken for one use, and what is sent brings no new one, which the servers then refuse.
    const tls = direction === 'up' ? ['--tls-max', '1.2'] : [];
    return this.#command(place, [...tls, ...parallel, '--config', file]);
  }

  #command({ user, password, caFile }: ServerPlace, words: readonly string[]): Command {
    const login = ['--user', `${user}:${password}`, '--cacert', caFile, '--ssl-reqd'];
    // One RETR with the whole path, instead of a CWD for each folder.
    const common = ['-q', '-sS', '--fail', '--create-dirs', '--ftp-method', 'nocwd', ...login];
    return {
      words: [this.#program.command, ...common, ...words],
      environment: this.#program.libraryPath ? { LD_LIBRARY_PATH: this.#program.libraryPath } : {},
    };
  }
}

/** @param tls 1.2 for its best: with TLS 1.3 it waits 40 ms for each file */
export function lftp(place: ServerPlace, tls: '1.2' | '1.3', ...commands: string[]): Command {
  const script = [
    'set cmd:fail-exit yes',
    'set net:max-retries 2',
    'set ftp:sync-mode off',
    'set ftp:ssl-force yes',
    'set ftp:ssl-protect-data yes',
    `set ssl:ca-file "${place.caFile}"`,
    `set ssl:priority "NORMAL:-VERS-ALL:+VERS-TLS${tls}"`,
    'set xfer:clobber yes',
    `open -u ${place.user},${place.password} ftp://${place.host}:${place.port}`,
    ...commands,
  ];
  return { words: ['lftp', '--norc', '-c', script.join('; ')] };
}

/** The server has to be one that does not demand session reuse; and vsftpd takes it with TLS 1.2 only. */
export async function rclone(place: ServerPlace, ...words: string[]): Promise<Command> {
  const { stdout } = await run('rclone', ['obscure', place.password]);
  return {
    words: [
      'rclone',
      '--config',
      '/dev/null',
      '--retries',
      '1',
      '--ftp-explicit-tls',
      ...(place.name === 'vsftpd' ? ['--ftp-disable-tls13'] : []),
      ...words,
    ],
    environment: {
      SSL_CERT_FILE: place.caFile,
      RCLONE_FTP_HOST: place.host,
      RCLONE_FTP_PORT: String(place.port),
      RCLONE_FTP_USER: place.user,
      RCLONE_FTP_PASS: stdout.trim(),
    },
  };
}

function url({ host, port }: ServerPlace): string {
  return `ftp://${host}:${port}`;
}
