import type { DataMode, ForeignClient, Target } from './foreignClient.ts';
import { linesOf, run } from './program.ts';

function curl(target: Target, path: string, ...parameters: string[]): Promise<string> {
  const version = target.version.replace('TLSv', '');
  const scheme = target.security === 'implicit' ? 'ftps' : 'ftp';
  const tls = ['--ssl-reqd', '--cacert', target.caFile, `--tlsv${version}`, '--tls-max', version];
  const mode = target.mode === 'active' ? ['--ftp-port', '127.0.0.1'] : [];
  const url = `${scheme}://127.0.0.1:${target.port}/${encodeURIComponent(path)}`;
  const common = ['-q', '-sS', '--fail', ...tls, ...mode, '--user', 'anna:secret'];
  return run('curl', 'curl', [...common, ...parameters, url]);
}

/** curl 7.87 and 7.88 put no TLS on data connections of active mode: github.com/curl/curl/issues/10666 */
async function modes(): Promise<readonly DataMode[]> {
  const version = /^curl (\S+)/.exec(await run('curl', 'curl', ['--version']))?.[1] ?? '';
  return /^7\.8[78]\./.test(version) ? ['passive'] : ['passive', 'active'];
}

export const curlClient: ForeignClient = {
  name: 'curl',
  resumes: true,
  modes: await modes(),
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
