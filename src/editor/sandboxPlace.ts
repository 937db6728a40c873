import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Profile } from '../remote/profile.ts';

/**
 * Whether a connection leads to where the sandbox of a folder served last, whether or not it does so now.
 *
 * @param folder keeps the sandbox's state from one start to the next
 */
export async function leadsToSandbox(folder: string, { host, port, user }: Profile): Promise<boolean> {
  if (host !== '127.0.0.1' || user !== 'sandbox') return false;
  const ports = await keptPorts(folder);
  return ports.includes(port);
}

/** What cannot be read is as good as a sandbox that never ran. */
async function keptPorts(folder: string): Promise<unknown[]> {
  try {
    const state: unknown = JSON.parse(await readFile(join(folder, 'sandbox.json'), 'utf8'));
    if (typeof state !== 'object' || state === null) return [];
    return [Reflect.get(state, 'port'), Reflect.get(state, 'implicitPort')];
  } catch {
    return [];
  }
}
