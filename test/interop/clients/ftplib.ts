import { fileURLToPath } from 'node:url';
import type { ForeignClient, Target } from './foreignClient.ts';
import { linesOf, run } from './program.ts';

/** What the script answers: with security none, over plain FTP. */
export function ftplib(
  target: Omit<Target, 'security'> & { readonly security: Target['security'] | 'none' },
  ...parameters: string[]
): Promise<string> {
  const script = fileURLToPath(new URL('ftplib_client.py', import.meta.url));
  const common = [target.security, target.version, target.mode, String(target.port), target.caFile];
  return run('/usr/bin/python3', 'python3', [script, ...common, ...parameters]);
}

export const ftplibClient: ForeignClient = {
  name: 'ftplib',
  resumes: false,
  modes: ['passive', 'active'],
  list: async (target) => linesOf(await ftplib(target, 'list')),
  fetch: async (target, name, localFile) => {
    await ftplib(target, 'fetch', name, localFile);
  },
  store: async (target, localFile, name) => {
    await ftplib(target, 'store', localFile, name);
  },
  continueFetch: async (target, name, localFile) => {
    await ftplib(target, 'continueFetch', name, localFile);
  },
  continueStore: async (target, localFile, name) => {
    await ftplib(target, 'continueStore', localFile, name);
  },
};
