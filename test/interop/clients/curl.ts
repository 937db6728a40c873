import { ensureRecentCurl } from '../../../scripts/recentCurl.mjs';
import type { ForeignClient, Target } from './foreignClient.ts';
import { linesOf, run } from './program.ts';

async function curl(target: Target, path: string, ...parameters: string[]): Promise<string> {
  const version = target.version.replace('TLSv', '');
  const scheme = target.security === 'implicit' ? 'ftps' : 'ftp';
  const tls = ['--ssl-reqd', '--cacert', target.caFile, `--tlsv${version}`, '--tls-max', version];
  const mode = target.mode === 'active' ? ['--ftp-port', '127.0.0.1'] : [];
  const url = `${scheme}://127.0.0.1:${target.port}/${encodeURIComponent(path)}`;
  const common = ['-q', '-sS', '--fail', ...tls, ...mode, '--user', 'anna:secret'];
  const { command, libraryPath } = await ensureRecentCurl();
  return run(command, 'curl', [...common, ...parameters, url], { LD_LIBRARY_PATH: libraryPath });
}

export const curlClient: ForeignClient = {
  name: 'curl',
  resumes: true,
  modes: ['passive', 'active'],
  list: async (target) => linesOf(await curl(target, '', '--list-only')),
  fetch: async (target, name, localFile) => {
    await curl(target, name, '--output', localFile);
  },
  store: async (target, localFile, name) => {
    await curl(target, name, '--upload-file', localFile);
  },
  continueFetch: async (target, name, localFile) => {
    await curl(target, name, '--continue-at', '-', '--output', localFile);
  },
  continueStore: async (target, localFile, name) => {
    await curl(target, name, '--continue-at', '-', '--upload-file', localFile);
  },
};
