import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { VsCode } from '../harness/vsCode.ts';

describe('a server that accepts connections and says nothing', () => {
  const sockets = new Set<Socket>();
  let server: Server;

  const shared = SharedWindow.use(async (site) => {
    server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return VsCode.start({ settings: { 'ftps.profiles': { silent: site.profile({ port }) } } });
  });

  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });

  it('shows that its connection is being opened', async () => {
    const { workbench } = shared;
    await workbench.showConnections();
    await workbench.connectionRow(/^silent, disconnected/).click();
    await workbench.answer('Password for', 'secret');
    await workbench.connectionRow(/^silent, connecting/).waitFor();
    await workbench.connectionRow('Connecting…').waitFor();
    await expect.poll(() => sockets.size).toBe(1);
    expect(await workbench.spinners.count()).toBeGreaterThan(0);
  });

  it('can be given up, and leaves no spinner', async () => {
    const { workbench } = shared;
    await workbench.chooseFor(workbench.connectionRow(/^silent,/), 'Disconnect');
    await workbench.connectionRow(/^silent, disconnected/).waitFor();
    await workbench.connectionRow('Connecting…').waitFor({ state: 'detached' });
    await expect.poll(() => workbench.spinners.count(), { timeout: 20_000 }).toBe(0);
    await expect
      .poll(() => [...sockets].every((socket) => socket.readableEnded || socket.destroyed))
      .toBe(true);
  });
});
