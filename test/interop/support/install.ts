import { ensureForeignServers } from '../../../scripts/foreignServers.mjs';

/** Vitest runs it once, before any worker needs a server. A server that cannot be had fails the run. */
export async function setup(): Promise<void> {
  await ensureForeignServers({ log: (line) => process.stderr.write(`foreign servers: ${line}\n`) });
}
