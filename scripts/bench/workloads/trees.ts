import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Curl, type CurlProgram, type Direction, type FilePair, lftp, rclone } from '../peers.ts';
import { type Command, runProgram } from '../program.ts';
import { shown } from '../report.ts';
import { type Row, Series } from '../result.ts';
import type { ServerPlace } from '../serverHost.ts';
import { type Server, servers, type Stage } from '../stage.ts';

interface Tree {
  /** Of the folder on the server. */
  readonly name: string;
  readonly folders: number;
  readonly filesEach: number;
  /** Milliseconds in one direction; with none, clients and servers meet on the loopback interface. */
  readonly delay: number;
  /** How many times faster than the fastest peer. */
  readonly bar: number;
}

/** One way of moving a tree: what to run, and where its copy of the tree then is. */
interface Mover {
  readonly name: string;
  readonly place: ServerPlace;
  /** False where they are made for it beforehand. */
  readonly makesFolders?: boolean;
  /** Seconds that it takes to move the tree into the target. */
  move(target: Target): Promise<number>;
}

/** Where a run puts its copy: a path on the server and a folder on this computer, of which the direction uses one. */
interface Target {
  readonly remote: string;
  readonly local: string;
}

/** What is done with a tree of which nothing is moved. */
interface WholeTree {
  readonly title: (size: string) => string;
  /** Milliseconds in one direction. */
  readonly delay: number;
  /** Of the peer. */
  readonly parallel: number;
  /** How many times faster than the peer. */
  readonly bar: number;
  readonly runs: number;
  /** Ours, and its words, of which one may be the path of the local folder. */
  readonly deed: string;
  readonly words: (local: string) => Promise<readonly string[]>;
}

const sessions = 8;
/** One is kept for what the user does meanwhile, so that as many are at work. */
const ourSessions = String(sessions + 1);
const bytes = 4096;

/** Moves and crawls trees of small files over several sessions. */
export class Trees {
  readonly #stage: Stage;
  readonly #curl: Curl;
  readonly #startUps = new Map<string, number>();

  constructor(stage: Stage, curl: CurlProgram) {
    this.#stage = stage;
    this.#curl = new Curl(curl);
  }

  small(): Promise<Row[]> {
    const folders = this.#stage.quick ? 2 : 10;
    return this.#tree({ name: 'tree200', folders, filesEach: 20, delay: 25, bar: 2 });
  }

  many(): Promise<Row[]> {
    const folders = this.#stage.quick ? 4 : 20;
    return this.#tree({ name: 'tree1000', folders, filesEach: 50, delay: 0, bar: 1 });
  }

  crawl(): Promise<Row[]> {
    return this.#listed({
      title: (size) => `crawl ${size}, 50 ms, ${sessions} sessions`,
      delay: 25,
      parallel: sessions,
      bar: 2,
      // Minutes each: once tells enough.
      runs: 1,
      deed: 'crawl',
      words: () => Promise.resolve([ourSessions, '/crawled']),
    });
  }

  /** What a sync of a large tree would do, found out without doing it. */
  plan(): Promise<Row[]> {
    const stage = this.#stage;
    return this.#listed({
      title: (size) => `plan a sync of ${size}, 0 ms, 4 sessions`,
      delay: 0,
      parallel: 4,
      bar: 1,
      runs: stage.runs,
      deed: 'plan',
      words: async (local) => ['5', '/crawled', local, await stage.localFolder()],
    });
  }

  /** A large tree that is looked at as a whole, beside lftp's mirror that only says what it would do. */
  async #listed({ title, delay, parallel, bar, runs, deed, words }: WholeTree): Promise<Row[]> {
    const stage = this.#stage;
    const side = delay > 0 ? 'client' : 'server';
    await stage.network.setDelay(delay);
    const [folders, filesEach] = [stage.quick ? 100 : 2000, 10];
    const count = folders * filesEach;
    const rows: Row[] = [];
    for (const server of servers) {
      const place = await stage.place(server);
      await this.#fill(place, { name: 'crawled', folders, filesEach });
      const series = new Series();
      await using ours = stage.subject('ours', side, place);
      const local = await stage.localFolder();
      const mirror = lftp(place, '1.2', `mirror --dry-run --parallel=${parallel} crawled ${local}`);
      for (let run = 0; run < runs; run++) {
        await stage.rest();
        await series.try('lftp', () => this.#program(mirror, side));
        await stage.rest();
        await series.try('ours', async () => {
          const { begin, end, result } = await ours.do(deed, ...(await words(local)));
          expectCount(`the ${deed}`, Number(result), count);
          return (end - begin) / 1000;
        });
      }
      rows.push(compared(title(`${count} files in ${folders} folders`), server, series, bar));
    }
    return rows;
  }

  async #tree(tree: Tree): Promise<Row[]> {
    const stage = this.#stage;
    const rows: Row[] = [];
    await stage.network.setDelay(tree.delay);
    const source = await this.#localTree(tree);
    for (const server of servers) {
      for (const manner of ['strict', 'lenient'] as const)
        await this.#fill(await stage.place(server, manner), tree);
      for (const direction of ['down', 'up'] as const) {
        const series = new Series();
        await using movers = await this.#movers(server, tree, direction, source);
        for (let run = 0; run < stage.runs; run++) {
          for (const mover of movers.all) {
            if (isBeaten(series, mover.name)) continue;
            await series.try(mover.name, () => this.#run(mover, tree, direction));
          }
        }
        const limit = tree.delay === 0 ? await this.#limit(server, tree, direction, source) : undefined;
        const count = tree.folders * tree.filesEach;
        const title = `${count} files of 4 KiB in ${tree.folders} folders, ${direction}, ${tree.delay * 2} ms, ${sessions} sessions`;
        const row = compared(title, server, series, tree.bar);
        rows.push(limit === undefined ? row : { ...row, note: limitNote(server, limit) });
      }
    }
    return rows;
  }

  /** Seconds that Node takes for the files at least, once it knows them. */
  async #limit(server: Server, tree: Tree, direction: Direction, source: string): Promise<number> {
    const place = await this.#stage.place(server);
    await using subject = this.#stage.subject('bareFtps', 'server', place);
    const bare: Mover = {
      name: 'node:tls',
      place,
      makesFolders: false,
      move: async ({ remote, local }) => {
        const [deed, far, near] =
          direction === 'down' ? ['downloadAll', tree.name, local] : ['uploadAll', remote, source];
        const counts = [sessions, tree.folders, tree.filesEach].map(String);
        const { begin, end } = await subject.do(deed, ...counts, `/${far}`, near);
        return (end - begin) / 1000;
      },
    };
    const series = new Series();
    for (let run = 0; run < this.#stage.runs; run++)
      series.add(bare.name, await this.#run(bare, tree, direction));
    return series.median(bare.name);
  }

  /** Seconds; the copy is checked and removed. */
  async #run(mover: Mover, tree: Tree, direction: Direction): Promise<number> {
    await this.#stage.rest();
    const remote = `copy${Math.random().toString(36).slice(2)}`;
    const local = await this.#stage.localFolder();
    const onServer = await this.#stage.serverFolder(mover.place, remote);
    const readyMade = mover.makesFolders === false ? tree.folders : 0;
    for (let folder = 0; folder < readyMade; folder++) {
      if (direction === 'up') await this.#stage.serverFolder(mover.place, `${remote}/${folder}`);
      else await mkdir(join(local, String(folder)), { recursive: true });
    }
    const seconds = await mover.move({ remote, local });
    const copy = direction === 'down' ? local : onServer;
    expectCount(`${mover.name} ${direction}`, await wholeFiles(copy), tree.folders * tree.filesEach);
    await Promise.all([local, onServer].map((folder) => rm(folder, { recursive: true })));
    return seconds;
  }

  async #movers(
    server: Server,
    tree: Tree,
    direction: Direction,
    source: string,
  ): Promise<{ all: Mover[] } & AsyncDisposable> {
    const stage = this.#stage;
    const side = tree.delay > 0 ? 'client' : 'server';
    const place = await stage.place(server);
    const lenient = await stage.place(server, 'lenient');
    const subject = stage.subject('ours', side, place);
    const ours: Mover = {
      name: 'ours',
      place,
      move: async ({ remote, local }) => {
        const count = ourSessions;
        const { begin, end } =
          direction === 'down'
            ? await subject.do('downloadFolder', count, `/${tree.name}`, local)
            : await subject.do('uploadFolder', count, source, `/${remote}`);
        return (end - begin) / 1000;
      },
    };
    const program = (
      name: string,
      at: ServerPlace,
      command: (target: Target) => Command | Promise<Command>,
    ): Mover => ({
      name,
      place: at,
      move: async (target) => this.#program(await command(target), side),
    });
    const mirror = `mirror --parallel=${sessions} --no-perms`;
    const all: Mover[] = [
      program('lftp', place, ({ remote, local }) =>
        lftp(
          place,
          '1.2',
          direction === 'down' ? `${mirror} ${tree.name} ${local}` : `${mirror} -R ${source} ${remote}`,
        ),
      ),
      ours,
      // Its connections share what TLS sessions they have, and the servers would have each control connection's own.
      {
        ...program('curl', lenient, (target) =>
          this.#curl.move(lenient, direction, pairs(tree, direction, source, target), sessions, stage.folder),
        ),
        // To make them would cost it a command or more with each file.
        makesFolders: false,
      },
      program('rclone', lenient, ({ remote, local }) => {
        const ends = direction === 'down' ? [`:ftp:${tree.name}`, local] : [source, `:ftp:${remote}`];
        return rclone(
          lenient,
          'copy',
          '--transfers',
          String(sessions),
          '--checkers',
          String(sessions),
          ...ends,
        );
      }),
    ];
    return { all, [Symbol.asyncDispose]: () => subject[Symbol.asyncDispose]() };
  }

  /** Seconds without what the program needs to come up at all. */
  async #program(command: Command, side: 'client' | 'server'): Promise<number> {
    const { wall } = await runProgram(this.#stage, side, command);
    return wall - (await this.#startUp(command));
  }

  async #startUp({ words: [name = ''], environment = {} }: Command): Promise<number> {
    const known = this.#startUps.get(name);
    if (known !== undefined) return known;
    const words =
      name === 'lftp'
        ? ['lftp', '--norc', '-c', 'exit']
        : [name, name === 'rclone' ? 'version' : '--version'];
    const walls: number[] = [];
    for (let run = 0; run < 5; run++)
      walls.push((await runProgram(this.#stage, 'server', { words, environment })).wall);
    const least = Math.min(...walls);
    this.#startUps.set(name, least);
    return least;
  }

  async #fill(
    place: ServerPlace,
    { name, folders, filesEach }: Pick<Tree, 'name' | 'folders' | 'filesEach'>,
  ): Promise<void> {
    await this.#stage.serverFolder(place, name);
    for (let folder = 0; folder < folders; folder++) {
      await this.#stage.serverFiles(place, `${name}/${folder}`, filesEach, bytes);
    }
  }

  async #localTree({ name, folders, filesEach }: Tree): Promise<string> {
    const root = join(this.#stage.folder, name);
    for (let folder = 0; folder < folders; folder++) {
      await mkdir(join(root, String(folder)), { recursive: true });
      for (let file = 0; file < filesEach; file++) {
        await writeFile(join(root, String(folder), String(file)), Buffer.alloc(bytes, 'x'));
      }
    }
    return root;
  }
}

function pairs(tree: Tree, direction: Direction, source: string, { remote, local }: Target): FilePair[] {
  const [far, near] = direction === 'down' ? [tree.name, local] : [remote, source];
  return Array.from({ length: tree.folders * tree.filesEach }, (_, index) => {
    const name = `${Math.floor(index / tree.filesEach)}/${index % tree.filesEach}`;
    return { remote: `${far}/${name}`, local: join(near, name) };
  });
}

/** A peer that needs half as long again as another is not the one to compare with, and is not run a second time. */
function isBeaten(series: Series, name: string): boolean {
  const peers = series.peers();
  return (peers.get(name) ?? 0) > 1.5 * Math.min(...peers.values());
}

async function wholeFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(
    files.map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.filter((size) => size === bytes).length;
}

function expectCount(what: string, count: number, expected: number): void {
  if (count !== expected) throw new Error(`${what} moved ${count} files of ${expected}`);
}

function limitNote(server: Server, seconds: number): string {
  return `On ${server}, the bare commands and data connections of these files take node:tls ${shown(seconds)} s with ${sessions} sessions, with the paths known, the folders made and nothing checked.`;
}

function compared(workload: string, server: Server, series: Series, bar: number): Row {
  const [ours, peers] = [series.median('ours'), series.peers()];
  const ratio = Math.min(...peers.values()) / ours;
  const words = bar === 1 ? 'at least as fast as the fastest' : `at least ${bar}× the fastest`;
  return { workload, server, unit: 's', bar: words, ours, peers, ratio, holds: ratio >= bar };
}
