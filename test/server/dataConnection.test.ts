import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { DataConnection, type DataTerms, StalledError } from '../../src/server/dataConnection.ts';
import type { FaultChoice } from '../../src/server/faults/faultCatalogue.ts';
import { Faults } from '../../src/server/faults/faults.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { until } from '../support/until.ts';

/** A peer that takes bytes only when told to. */
class SlowPeer extends Socket {
  #owed = 0;
  #done: (() => void) | undefined;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#owed = chunk.length;
    this.#done = done;
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: () => void): void {
    this.#owed = chunks.reduce((sum, { chunk }) => sum + chunk.length, 0);
    this.#done = done;
  }

  accept(bytes: number): void {
    this.#owed -= bytes;
    if (this.#owed > 0) return;
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }
}

async function termsAt(clock: FakeClock, ...faults: FaultChoice[]): Promise<DataTerms> {
  return {
    handshake: (expire) => clock.after(8_000, expire),
    idle: (expire) => clock.after(9_000, expire),
    close: (expire) => clock.after(7_000, expire),
    faults: await Faults.of(faults),
  };
}

it.each<[string, FaultChoice[]]>([
  ['all', []],
  ['all, and ends without close_notify', ['noCloseNotify']],
])('waits no longer than for others for the last bytes of a peer that is sent %s', async (_what, faults) => {
  const clock = new FakeClock();
  const peer = new SlowPeer();
  const connection = DataConnection.clear(peer, await termsAt(clock, ...faults));
  const source = Readable.from([Buffer.from('the last bytes')]);
  const sent = connection.send(source, [], new AbortController().signal);
  const failed = expect(sent).rejects.toThrow(StalledError);
  // Nothing more is on its way to the peer.
  await until(() => peer.writableLength > 0 && source.destroyed);
  clock.advance(9_000);
  await failed;
  expect(clock.pending()).toEqual([]);
});

it('goes on sending as long as the peer takes some of a long listing', async () => {
  const clock = new FakeClock();
  const peer = new SlowPeer();
  const connection = DataConnection.clear(peer, await termsAt(clock));
  const source = Readable.from([Buffer.alloc(4_000_000)]);
  const sent = connection.send(source, [], new AbortController().signal);
  await until(() => {
    clock.advance(2_000);
    peer.accept(65_536);
    return peer.destroyed;
  });
  await sent;
  expect(peer.writableFinished).toBe(true);
});
