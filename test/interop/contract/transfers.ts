import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { FtpsClient } from '../../../src/client/ftpsClient.ts';
import { type Bench, sampleBytes } from './bench.ts';

const content = sampleBytes(2 * 1024 * 1024 + 1);
const anyhow = { create: true, overwrite: true };

export function describeTransfers(bench: () => Bench): void {
  describe('many transfers', () => {
    it('resumes the session on each of twenty in a row', async () => {
      const { files } = bench();
      for (let index = 0; index < 10; index++) {
        const small = sampleBytes(10_000 + index);
        await files.writeFile(bench().at('data.bin'), small, anyhow);
        expect(Buffer.compare(await files.readFile(bench().at('data.bin')), small)).toBe(0);
      }
      // Read from the server, not from what was just written to it.
      for (const verb of ['STOR', 'RETR']) expect(bench().said(verb), verb).toBeGreaterThanOrEqual(10);
      expectAllResumed(bench(), 20);
    });

    it('carries four at the same time', async () => {
      const { files } = bench();
      const names = ['a', 'b', 'c', 'd'];
      await Promise.all(names.map((name) => files.writeFile(bench().at(name), content, anyhow)));
      const read = await Promise.all(names.map((name) => files.readFile(bench().at(name))));
      expect(read.map((bytes) => Buffer.compare(bytes, content))).toEqual([0, 0, 0, 0]);
      expectAllResumed(bench(), 8);
    });

    it('C-58: keeps the sessions of four control connections apart', async () => {
      const clients = await Promise.all([1, 2, 3, 4].map(() => bench().connect()));
      const names = clients.map((_, index) => `file-${index}`);
      const store = (client: FtpsClient, index: number): Promise<number> =>
        client.store(bench().at(names[index] ?? ''), Readable.from([content]));
      for (let round = 0; round < 3; round++) await Promise.all(clients.map(store));
      expect(await bench().names()).toEqual(names);
      for (const name of names) expect(Buffer.compare(await bench().read(name), content)).toBe(0);
      const secured = clients
        .map((client) => client.report())
        .map((report) => report.resumed + report.unresumed);
      expect(secured).toEqual([3, 3, 3, 3]);
      expectAllResumed(bench(), 12);
    });
  });
}

/** Under the version of TLS that is meant. Of those secured: a data connection that the server reset before, for the haste, is made again. */
function expectAllResumed(bench: Bench, least: number): void {
  expect(new Set(bench.clients.map((client) => client.report().tlsVersion))).toEqual(
    new Set([bench.subject.tls]),
  );
  const { resumed, unresumed } = bench.dataConnections();
  expect(bench.subject.issuesTickets ? unresumed : resumed).toBe(0);
  expect(resumed + unresumed).toBeGreaterThanOrEqual(least);
}
