import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ClientLog } from '../../src/client/connectOptions.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { failureOf } from '../client/dialogue.ts';
import { until } from '../support/until.ts';
import { type ForeignServer, type ServerName, startServer } from './servers/foreignServer.ts';

const beginning = Buffer.alloc(1_000_000, 'a');
const part = Buffer.alloc(1_000_000, 'b');
const offset = 8_000_000;

/** Why uploads are not cut into segments as downloads may be: no server here lets a file grow in two places at once. */
describe('a part of an upload that begins behind what has come so far', () => {
  it.each(['proftpd', 'pyftpdlib'] as const)('is refused by %s', async (name) => {
    await using two = await UploadInTwo.begin(name);
    expect(await failureOf(two.sendPart())).toMatchObject({ kind: 'refused', reply: { code: 554 } });
    await two.end();
    expect(await two.stored()).toEqual(beginning);
  });

  it('is confirmed by Pure-FTPd, and put where it does not belong', async () => {
    await using two = await UploadInTwo.begin('pure-ftpd');
    await two.sendPart();
    await two.end();
    expect((await two.stored()).length).toBeLessThan(offset);
  });

  it('is put where it belongs by vsftpd, but only once the upload before it is over', async () => {
    await using two = await UploadInTwo.begin('vsftpd');
    const sent = two.sendPart();
    await two.partIsAsked;
    await two.end();
    await sent;
    expect(two.heard).toEqual(['beginning < 150', 'beginning < 226', 'part < 150', 'part < 226']);
    const stored = await two.stored();
    expect(stored.length).toBe(offset + part.length);
    expect(stored.subarray(offset)).toEqual(part);
  });
});

/** An upload that has begun and not ended, and another session that sends a later part of the file. */
class UploadInTwo implements AsyncDisposable {
  readonly partIsAsked: Promise<void>;
  /** What the server said of both transfers, in that order. */
  readonly heard: readonly string[];
  readonly #server: ForeignServer;
  readonly #clients: readonly [FtpsClient, FtpsClient];
  readonly #upload: Promise<unknown>;
  #finish = (): void => {};

  private constructor(
    server: ForeignServer,
    clients: readonly [FtpsClient, FtpsClient],
    isAsked: Promise<void>,
    heard: readonly string[],
  ) {
    this.#server = server;
    this.#clients = clients;
    this.partIsAsked = isAsked;
    this.heard = heard;
    const end = new Promise<void>((resolve) => {
      this.#finish = resolve;
    });
    const source = async function* (): AsyncGenerator<Buffer> {
      yield beginning;
      await end;
    };
    this.#upload = clients[0].store('/file', Readable.from(source()));
  }

  static async begin(name: ServerName): Promise<UploadInTwo> {
    const server = await startServer(name, { security: 'explicit' });
    let say = (): void => {};
    const isAsked = new Promise<void>((resolve) => {
      say = resolve;
    });
    const heard: string[] = [];
    const noting = (who: string): ClientLog => {
      const note = (line: string): void => {
        if (who === 'part' && line.startsWith('> STOR')) say();
        if (/^< (150|226)/.test(line)) heard.push(`${who} ${line.slice(0, 5)}`);
      };
      return { trace: note, debug: note, warn: note };
    };
    const clients = [
      await connect(server, noting('beginning')),
      await connect(server, noting('part')),
    ] as const;
    const two = new UploadInTwo(server, clients, isAsked, heard);
    await two.#arrival();
    return two;
  }

  sendPart(): Promise<unknown> {
    return this.#clients[1].store('/file', Readable.from([part]), { offset });
  }

  async end(): Promise<void> {
    this.#finish();
    await this.#upload;
  }

  stored(): Promise<Buffer> {
    return readFile(join(this.#server.root, 'file'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) await client.quit();
    await this.#server.stop();
  }

  /** Until bytes of the beginning are there, so that the part comes to a file that is being written. */
  #arrival(): Promise<void> {
    return until(async () => (await this.stored().catch(() => '')).length > 0);
  }
}

function connect(server: ForeignServer, log: ClientLog): Promise<FtpsClient> {
  const { host, port, user, password, ca } = server;
  return FtpsClient.connect({ host, port, user, password, security: 'explicit', tls: { ca: [ca] }, log });
}
