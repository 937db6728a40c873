import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { DataPort } from '../../src/server/dataPort.ts';

it('S-19: has no connection when the client does not take it in time', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = new DataPort();
  port.dial({ host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 });
  let cancelled = false;
  const opened = port.open({ host: '127.0.0.1', port: 0 }, (expire) => {
    expire();
    return () => {
      cancelled = true;
    };
  });
  expect(await opened).toBeUndefined();
  expect(cancelled).toBe(true);
  expect(port.ready).toBe(false);
  server.close();
});
