import { ensureForeignServers } from '../../../scripts/foreignServers.mjs';
import { ensureRecentCurl } from '../../../scripts/recentCurl.mjs';

/** Vitest runs it once, before any worker needs a server. A server that cannot be had fails the run. */
export async function setup(): Promise<void> {
  const log = (line: string): boolean => process.stderr.write(`foreign servers: ${line}\n`);
  await ensureForeignServers({ log });
  await ensureRecentCurl({ log });
}
