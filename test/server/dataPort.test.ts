import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataPort } from '../../src/server/dataPort.ts';
import { FakeClock } from '../support/fakeClock.ts';

const host = '127.0.0.1';
const from = { host, port: 0 };

let client: Server;
beforeEach(async () => {
  client = createServer().listen(0, host);
  await once(client, 'listening');
});
afterEach(() => {
  client.close();
});

function dialling(): DataPort {
  const address = client.address();
  const port = new DataPort();
  port.dial({ host, port: typeof address === 'object' && address !== null ? address.port : 0 });
  return port;
}

async function listening(): Promise<DataPort> {
  const port = new DataPort();
  await port.listen(host, host, [0, 0]);
  return port;
}

it('S-19: has no connection when the client does not take it in time', async () => {
  const port = dialling();
  let cancelled = false;
  const limit = (expire: () => void): (() => void) => {
    expire();
    return () => {
      cancelled = true;
    };
  };
  expect(await port.open(from, limit, new AbortController().signal)).toBeUndefined();
  expect(cancelled).toBe(true);
  expect(port.ready).toBe(false);
});

describe.each([
  ['opens to the client', dialling],
  ['awaits from the client', listening],
])('a data connection that the server %s', (_way, agree) => {
  it('S-24: is given up at once when the transfer is aborted', async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    const port = await agree();
    const opened = port.open(from, (expire) => clock.after(30_000, expire), abort.signal);
    expect(clock.pending()).toEqual([30_000]);
    abort.abort();
    expect(await opened).toBeUndefined();
    expect(port.ready).toBe(false);
    expect(clock.pending()).toEqual([]);
  });

  it('S-24: is not opened for a transfer that was aborted before', async () => {
    const clock = new FakeClock();
    const port = await agree();
    const opened = port.open(from, (expire) => clock.after(30_000, expire), AbortSignal.abort());
    expect(await opened).toBeUndefined();
    expect(port.ready).toBe(false);
    expect(clock.pending()).toEqual([]);
  });
});
