// The least that many files over FTPS take in Node: the commands that move them, a data connection for each, and no check
// of anything. What comes is not compared with what was asked for, and an error ends the process.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { connect as secure, type TLSSocket } from 'node:tls';
import { obey, placeFromArguments } from './deeds.ts';

const place = placeFromArguments();
const ca = [readFileSync(place.caFile, 'utf8')];

interface Pair {
  readonly remote: string;
  readonly local: string;
}

class BareSession {
  #line: Socket;
  readonly #replies: string[] = [];
  #wake: () => void = () => {};
  #ticket: Buffer | undefined;

  private constructor(line: Socket) {
    this.#line = line;
    this.#hear();
  }

  static async open(): Promise<BareSession> {
    const session = new BareSession(connect(place.port, place.host));
    await session.#reply();
    await session.#say('AUTH TLS');
    await session.#secure();
    await session.#say(`USER ${place.user}`, `PASS ${place.password}`, 'PBSZ 0', 'PROT P', 'TYPE I');
    return session;
  }

  async download(pairs: readonly Pair[]): Promise<void> {
    await this.#each(pairs, 'RETR', async (data, { local }) => {
      const chunks: Buffer[] = [];
      data.on('data', (chunk: Buffer) => chunks.push(chunk));
      await once(data, 'secureConnect');
      // Spares the wait for the other end's close_notify to be answered.
      data.end();
      await once(data, 'end');
      await writeFile(local, Buffer.concat(chunks));
    });
  }

  async upload(pairs: readonly Pair[]): Promise<void> {
    await this.#each(pairs, 'STOR', async (data, { local }) => {
      data.end(await readFile(local));
      await once(data.resume(), 'end');
    });
  }

  close(): void {
    this.#line.destroy();
  }

  async #each(
    pairs: readonly Pair[],
    verb: string,
    move: (data: TLSSocket, pair: Pair) => Promise<void>,
  ): Promise<void> {
    let passive = await this.#say('EPSV');
    for (const pair of pairs) {
      const port = Number(/\|(\d+)\|\)/.exec(passive)?.[1]);
      const socket = connect(port, place.host);
      await once(socket, 'connect');
      // Both servers read the next command when the transfer is over.
      this.#line.write(`${verb} ${pair.remote}\r\nEPSV\r\n`);
      const data = secure({ socket, ca, ...(this.#ticket && { session: this.#ticket }), host: place.host });
      await move(data, pair);
      for (const _ of ['150', '226', '229']) passive = await this.#reply();
    }
  }

  async #secure(): Promise<void> {
    this.#line.removeAllListeners('data');
    const line = secure({ socket: this.#line, ca, host: place.host });
    line.on('session', (ticket) => (this.#ticket = ticket));
    await once(line, 'secureConnect');
    this.#line = line;
    this.#hear();
  }

  /** Both servers send whole lines. */
  #hear(): void {
    this.#line.on('data', (bytes) => {
      const lines = bytes.toString('latin1').split('\r\n');
      this.#replies.push(...lines.filter((line) => /^\d{3} /.test(line)));
      this.#wake();
    });
  }

  /** @returns the last reply */
  async #say(...commands: readonly string[]): Promise<string> {
    let last = '';
    for (const command of commands) {
      this.#line.write(`${command}\r\n`);
      last = await this.#reply();
    }
    return last;
  }

  async #reply(): Promise<string> {
    for (;;) {
      const reply = this.#replies.shift();
      if (reply !== undefined && /^[45]/.test(reply)) throw new Error(`The server says ${reply}`);
      if (reply !== undefined) return reply;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** Shares pairs of paths out among several sessions. */
async function moveAll(words: readonly string[], direction: 'download' | 'upload'): Promise<void> {
  const [count = '', folders = '', filesEach = '', remote = '', local = ''] = words;
  const pairs = Array.from({ length: Number(folders) * Number(filesEach) }, (_, index) => {
    const name = `${Math.floor(index / Number(filesEach))}/${index % Number(filesEach)}`;
    return { remote: `${remote}/${name}`, local: `${local}/${name}` };
  });
  const share = Math.ceil(pairs.length / Number(count));
  await Promise.all(
    Array.from({ length: Number(count) }, async (_, index) => {
      const session = await BareSession.open();
      await session[direction](pairs.slice(index * share, (index + 1) * share));
      session.close();
    }),
  );
}

await obey({
  downloadAll: (...words) => moveAll(words, 'download'),
  uploadAll: (...words) => moveAll(words, 'upload'),
});
