import { randomBytes } from 'node:crypto';
import { chown, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Curl, type CurlProgram, type Direction, lftp, rclone } from '../peers.ts';
import { type Command, runProgram } from '../program.ts';
import { type Row, Series } from '../result.ts';
import type { ServerPlace } from '../serverHost.ts';
import { serverTime } from '../serverTime.ts';
import { type Server, servers, type Stage } from '../stage.ts';
import type { Subject } from '../subject.ts';

interface Usage {
  /** Seconds. */
  readonly wall: number;
  readonly cpu: number;
  /** MiB */
  readonly memory: number;
}

interface Mover {
  readonly name: string;
  readonly place: ServerPlace;
  /** Where an upload arrives, when that is not on the server. */
  readonly arrival?: string;
  move(local: string, remote: string): Promise<Usage>;
}

/** One large file over one session. */
export class Bulk {
  readonly #stage: Stage;
  readonly #curl: Curl;
  readonly #bytes: number;

  constructor(stage: Stage, curl: CurlProgram) {
    this.#stage = stage;
    this.#curl = new Curl(curl);
    this.#bytes = (stage.quick ? 64 : 1024) * 1024 * 1024;
  }

  async run(): Promise<Row[]> {
    const stage = this.#stage;
    const rows: Row[] = [];
    const source = join(stage.folder, 'large');
    await this.#write(source);
    for (const server of servers) {
      for (const manner of ['strict', 'lenient'] as const) {
        const place = await stage.place(server, manner);
        const file = join(place.root, 'large');
        await this.#write(file);
        await chown(file, place.owner.uid, place.owner.gid);
      }
      const place = await stage.place(server);
      await using ours = stage.subject('ours', 'server', place);
      await using basicFtp = stage.subject('basicFtp', 'server', place);
      await using far = stage.subject('rawTls', 'server', place, 'server');
      await using near = stage.subject('rawTls', 'server', place);
      await ours.do('connectSite', '4');
      await basicFtp.do('connect');
      const arrival = join(stage.folder, 'arrival');
      const ports = {
        down: String((await far.do('offer', source)).result),
        up: String((await far.do('take', arrival)).result),
      };
      for (const direction of ['down', 'up'] as const) {
        const raw: Mover = {
          name: 'node:tls',
          place,
          arrival,
          move: (local) => deed(near, `${direction}load`, ports[direction], local),
        };
        const movers = await this.#movers(server, direction, ours, basicFtp);
        rows.push(...(await this.#compare(server, direction, [...movers, raw])));
      }
      for (const subject of [ours, basicFtp]) await subject.do('quit');
      for (const manner of ['strict', 'lenient'] as const)
        await rm(join((await stage.place(server, manner)).root, 'large'));
    }
    return rows;
  }

  async #movers(server: Server, direction: Direction, ours: Subject, basicFtp: Subject): Promise<Mover[]> {
    const place = await this.#stage.place(server);
    const lenient = await this.#stage.place(server, 'lenient');
    const isDown = direction === 'down';
    const program = (
      name: string,
      at: ServerPlace,
      command: (local: string, remote: string) => Command | Promise<Command>,
    ): Mover => ({
      name,
      place: at,
      move: async (local, remote) => {
        const { wall, cpu, peak } = await runProgram(this.#stage, 'server', await command(local, remote));
        return { wall, cpu, memory: peak };
      },
    });
    return [
      program('curl', place, (local, remote) =>
        this.#curl.move(place, direction, [{ local, remote }], 1, this.#stage.folder),
      ),
      {
        name: 'ours',
        place,
        move: (local, remote) =>
          isDown ? deed(ours, 'download', `/${remote}`, local) : deed(ours, 'upload', local, `/${remote}`),
      },
      program('lftp', place, (local, remote) =>
        lftp(place, '1.3', isDown ? `get ${remote} -o ${local}` : `put ${local} -o ${remote}`),
      ),
      {
        name: 'basic-ftp',
        place,
        move: (local, remote) =>
          isDown ? deed(basicFtp, 'download', remote, local) : deed(basicFtp, 'upload', local, remote),
      },
      program('rclone', lenient, (local, remote) =>
        rclone(
          lenient,
          'copyto',
          '--multi-thread-streams',
          '0',
          ...(isDown ? [`:ftp:${remote}`, local] : [local, `:ftp:${remote}`]),
        ),
      ),
    ];
  }

  async #compare(server: Server, direction: Direction, movers: readonly Mover[]): Promise<Row[]> {
    const [walls, cpus, memories, shares] = [new Series(), new Series(), new Series(), new Series()];
    for (let run = 0; run < this.#stage.runs; run++) {
      for (const mover of movers) {
        await walls.try(mover.name, async () => {
          const before = serverTime(mover.place);
          const { wall, cpu, memory } = await this.#run(mover, direction);
          shares.add(mover.name, (serverTime(mover.place) - before) / wall);
          cpus.add(mover.name, cpu);
          memories.add(mover.name, memory);
          return wall;
        });
      }
    }
    return this.#rows(server, direction, walls, cpus, memories, shares.median('ours'));
  }

  /** The copy is checked and removed. */
  async #run(mover: Mover, direction: Direction): Promise<Usage> {
    await this.#stage.rest();
    const [near, far] = direction === 'down' ? ['copy', 'large'] : ['large', 'copy'];
    const local = join(this.#stage.folder, near);
    const copy = direction === 'down' ? local : (mover.arrival ?? join(mover.place.root, far));
    try {
      const usage = await mover.move(local, far);
      const { size } = await stat(copy);
      if (size !== this.#bytes) throw new Error(`${size} bytes of ${this.#bytes} have arrived`);
      return usage;
    } finally {
      await rm(copy, { force: true });
    }
  }

  /** @param share of the time of our transfers that the server itself was at work, on one processor or two */
  #rows(
    server: Server,
    direction: Direction,
    walls: Series,
    cpus: Series,
    memories: Series,
    share: number,
  ): Row[] {
    const what = `${this.#bytes / 1024 ** 2} MiB ${direction}, 0 ms`;
    const rate = (seconds: number): number => this.#bytes / 1024 ** 2 / seconds;
    const rates = new Map([...walls.peers()].map(([name, seconds]) => [name, rate(seconds)] as const));
    const ours = rate(walls.median('ours'));
    const raw = rates.get('node:tls');
    rates.delete('node:tls');
    const best = ours / Math.max(...rates.values());
    const cpu = cpus.median('ours') / cpus.median('curl');
    const common = { server, unit: 'MiB/s', ours };
    return [
      {
        ...common,
        workload: what,
        bar: 'at least 0.95× the fastest',
        peers: rates,
        ratio: best,
        holds: best >= 0.95,
      },
      ...(raw === undefined
        ? []
        : [
            {
              ...common,
              workload: `${what}, against TLS alone`,
              bar: 'at least 0.9× node:tls to disk',
              peers: new Map([['node:tls', raw]]),
              ratio: ours / raw,
              holds: ours / raw >= 0.9,
              note: `The server itself was at work for ${Math.round(share * 100)} % of the time of our transfers; node:tls has no such server at the other end.`,
            },
          ]),
      {
        workload: `${what}, processor`,
        server,
        unit: 's of CPU',
        bar: 'at most 1.4× curl',
        ours: cpus.median('ours'),
        peers: cpus.peers(),
        ratio: cpu,
        holds: cpu <= 1.4,
      },
      {
        workload: `${what}, memory`,
        server,
        unit: 'MiB above rest (programs: in all)',
        bar: 'level',
        ours: memories.median('ours'),
        peers: memories.peers(),
        holds: memories.median('ours') <= 100,
      },
    ];
  }

  /** Bytes that no layer could shorten. */
  async #write(file: string): Promise<void> {
    const block = randomBytes(1024 * 1024);
    await using handle = await open(file, 'w');
    for (let written = 0; written < this.#bytes; written += block.length) await handle.write(block);
  }
}

async function deed(subject: Subject, name: string, ...words: string[]): Promise<Usage> {
  const { begin, end, cpu, growth } = await subject.do(name, ...words);
  return { wall: (end - begin) / 1000, cpu, memory: growth };
}
