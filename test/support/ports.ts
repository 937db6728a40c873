import { createServer, type Server } from 'node:net';

/** Ports that no other server of these tests uses, in this or any other process, until released. */
export interface ClaimedPorts {
  readonly control: number;
  /** First and last. */
  readonly passive: readonly [number, number];
  release(): Promise<void>;
}

/** Below the ports that the system gives to outgoing connections, so that none of those is in the way. */
const first = 20_480;
const blockSize = 64;
const blocks = 160;

/**
 * A block is claimed by listening on its first port: the claim ends with this process, however it ends.
 */
export async function claimPorts(): Promise<ClaimedPorts> {
  const start = Math.floor(Math.random() * blocks);
  for (let step = 0; step < blocks; step++) {
    const base = first + ((start + step) % blocks) * blockSize;
    const claim = await listen(base);
    if (!claim) continue;
    if (await allFree(base + 1, base + blockSize)) {
      return { control: base + 1, passive: [base + 2, base + blockSize - 1], release: () => close(claim) };
    }
    await close(claim);
  }
  throw new Error(`No ${blockSize} free ports in a row between ${first} and ${first + blocks * blockSize}`);
}

async function allFree(from: number, end: number): Promise<boolean> {
  for (let port = from; port < end; port++) {
    const server = await listen(port);
    if (!server) return false;
    await close(server);
  }
  return true;
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server));
    server.unref();
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
