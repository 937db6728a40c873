import type { ForeignClient, Target } from './foreignClient.ts';
import { linesOf, run } from './program.ts';

function lftp(target: Target, command: string): Promise<string> {
  const scheme = target.security === 'implicit' ? 'ftps' : 'ftp';
  const version = target.version.replace('TLSv', '');
  const script = [
    'set cmd:fail-exit yes',
    'set net:max-retries 1',
    'set net:timeout 30',
    'set ftp:ssl-force yes',
    'set ftp:ssl-protect-data yes',
    `set ftp:passive-mode ${target.mode === 'passive' ? 'yes' : 'no'}`,
    'set ssl:verify-certificate yes',
    `set ssl:ca-file "${target.caFile}"`,
    `set ssl:priority "NORMAL:-VERS-ALL:+VERS-TLS${version}"`,
    'set xfer:clobber yes',
    `open -u anna,secret ${scheme}://127.0.0.1:${target.port}`,
    command,
  ];
  return run('lftp', 'lftp', ['--norc', '-c', script.join('; ')]);
}

export const lftpClient: ForeignClient = {
  name: 'lftp',
  resumes: true,
  modes: ['passive', 'active'],
  list: async (target) => linesOf(await lftp(target, 'cls -1 --quiet')),
  fetch: async (target, name, localFile) => {
    await lftp(target, `get "${name}" -o "${localFile}"`);
  },
  store: async (target, localFile, name) => {
    await lftp(target, `put "${localFile}" -o "${name}"`);
  },
  continueFetch: async (target, name, localFile) => {
    await lftp(target, `get -c "${name}" -o "${localFile}"`);
  },
  continueStore: async (target, localFile, name) => {
    await lftp(target, `put -c "${localFile}" -o "${name}"`);
  },
};
