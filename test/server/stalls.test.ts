import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stallSteps } from '../../src/server/faults/stalls.ts';
import { until } from '../support/until.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import type { WireClient } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

type Step = (typeof stallSteps)[number];

/** Aborted when the peer has ended. */
function whileOpen(socket: Socket): AbortSignal {
  const abort = new AbortController();
  socket.once('end', () => abort.abort());
  return abort.signal;
}

/** What a client does, and how far it comes, until the server falls silent. */
async function* session(client: WireClient): AsyncGenerator<Step> {
  await client.reply();
  yield 'greeting';
  await client.command('AUTH TLS');
  yield 'auth';
  await client.startTls();
  yield 'tls';
  await client.command('USER anna');
  yield 'user';
  await client.command('PASS secret');
  yield 'password';
  await client.command('FEAT');
  yield 'features';
  await client.command('PBSZ 0');
  await client.command('PROT P');
  yield 'protection';
  await client.command('EPRT |1|127.0.0.1|50000|');
  yield 'active';
  const socket = await client.passive();
  yield 'passive';
  client.send('RETR a.txt\r\n');
  await client.reply();
  yield 'preliminary';
  const data = client.secureData(socket);
  await once(data, 'secureConnect');
  yield 'dataTls';
  const received: Buffer[] = [];
  data.on('data', (chunk: Buffer) => received.push(chunk));
  while (Buffer.concat(received).length < 11) await once(data, 'data', { signal: whileOpen(data) });
  yield 'data';
  if (!data.readableEnded) await once(data, 'end');
  yield 'dataEnd';
  data.end();
  await client.reply();
  yield 'completion';
  await client.command('RNFR a.txt');
  await client.command('RNTO b.txt');
  yield 'rename';
  await client.command('QUIT');
  yield 'quit';
}

/** In order; with the last line in the server's log when it has come there, as far as it is a reply that stalls. */
const steps: readonly (readonly [Step, RegExp])[] = [
  ['greeting', /^< 220/],
  ['auth', /^< 234/],
  ['tls', /^< 234/],
  ['user', /^< 331/],
  ['password', /^< 230/],
  ['features', /^< 211/],
  ['protection', /^< 200/],
  ['active', /^< 200/],
  ['passive', /^< 229/],
  ['preliminary', /^< 150/],
  ['dataTls', /^< 150/],
  ['data', /^< 150/],
  ['dataEnd', /^< 150/],
  ['completion', /^< 226/],
  ['rename', /^< 250/],
  ['quit', /^< 221/],
];

it('knows the steps of a session', () => {
  expect([...stallSteps].sort()).toEqual(steps.map(([step]) => step).sort());
});

describe('a server told to stall', () => {
  it.each(steps)(
    'stall=%s: comes up to that step and falls silent, and can be closed all the same',
    async (step, lastLine) => {
      const log: string[] = [];
      const options = { faults: [`stall=${step}`], log: (line: string) => log.push(line) } as const;
      const server = await TestServer.start(certificates, options, (root) =>
        writeFile(join(root, 'a.txt'), 'the content'),
      );
      await using client = await server.connect();
      const reached: string[] = [];
      let closing = false;
      const ended = (async () => {
        for await (const next of session(client)) {
          if (closing) return;
          reached.push(next);
        }
      })().catch(() => {});
      const before = steps
        .slice(
          0,
          steps.findIndex(([name]) => name === step),
        )
        .map(([name]) => name);
      await until(() => reached.length >= before.length && lastLine.test(log.at(-1) ?? ''));
      // A server that did not stall would have sent the reply together with the line in its log.
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      closing = true;
      await server[Symbol.asyncDispose]();
      await ended;
      expect(reached).toEqual(before);
    },
  );
});
