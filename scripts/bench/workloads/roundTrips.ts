import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Packet } from '../network.ts';
import { Curl, type CurlProgram, type Direction, type FilePair, lftp, rclone } from '../peers.ts';
import { type Command, runProgram } from '../program.ts';
import { median, type Row, Series } from '../result.ts';
import type { ServerPlace } from '../serverHost.ts';
import { type Server, servers, type Stage } from '../stage.ts';
import type { Measure } from '../subjects/deeds.ts';
import { describeTrace, roundTrips, roundTripsToData } from '../wire.ts';

/** Milliseconds in one direction. */
const delay = 25;
/** Milliseconds after which a session is at rest. */
const settle = 600;
/** What both ends compute shows as parts of round trips; bars in whole ones leave this for it. */
const tolerance = 0.2;
const fileCount = 20;
/** That a program moves in one go; what one of them costs is the distance from one to the next. */
const inARow = 6;

type Bars = Readonly<Record<Server, number>>;

interface Question {
  readonly title: string;
  /** Of what is shown beside, and not promised, there are none. */
  readonly bars?: Bars;
  /** `data`: the last byte of the data connection has come, though the server has not confirmed it yet. */
  readonly until: 'data' | 'end';
  /** Whether the report shows the packets of ours. */
  readonly showsTrace?: boolean;
}

/** One server's side of a question. */
interface Asked {
  readonly place: ServerPlace;
  readonly series: Series;
  readonly question: Question;
  /** The packets of ours, the last time. */
  trace?: string;
}

/** Counts on the wire what single deeds cost in round trips. */
export class RoundTrips {
  readonly #stage: Stage;
  readonly #curl: Curl;

  constructor(stage: Stage, curl: CurlProgram) {
    this.#stage = stage;
    this.#curl = new Curl(curl);
  }

  open(): Promise<Row[]> {
    const rest = 'open 4 KiB, warm and at rest';
    const row = 'the next 4 KiB file in a row';
    const questions: readonly Question[] = [
      { title: `${rest}, to the last byte`, bars: { proftpd: 2.2, vsftpd: 2.2 }, until: 'data' },
      { title: `${rest}, to the server's 226`, until: 'end' },
      { title: `${row}, to the last byte`, bars: { proftpd: 3, vsftpd: 4 }, until: 'data' },
      { title: `${row}, to the server's 226`, until: 'end', showsTrace: true },
    ];
    return this.#onEachServer(questions, async (asked) => {
      const [place, atRest, inRow] = [asked[0]?.place, asked.slice(0, 2), asked.slice(2)];
      if (!place) return;
      await using ours = this.#stage.subject('ours', 'client', place);
      await using basicFtp = this.#stage.subject('basicFtp', 'client', place);
      const subjects = [
        ['ours', ours],
        ['basic-ftp', basicFtp],
      ] as const;
      for (const [, subject] of subjects) {
        await subject.do('connect');
        await subject.do('openNext', path(0), path(1));
      }
      for (let run = 0; run < this.#stage.runs; run++) {
        for (const [name, subject] of subjects) {
          await this.#count(atRest, name, () => subject.do('open', path(run)));
          await this.#count(inRow, name, async () => {
            const measure = await subject.do('openNext', path(run), path(run + 1));
            return { ...measure, begin: Number(measure.result) };
          });
        }
      }
      // From the begin of one to the begin of the next, so to where the server has confirmed it.
      await this.#programs(
        asked.filter(({ question }) => question.until === 'end'),
        'down',
      );
      for (const [, subject] of subjects) await subject.do('quit');
    });
  }

  save(): Promise<Row[]> {
    const question: Question = {
      title: 'safe save of 4 KiB (peers: bare STOR)',
      bars: { proftpd: 6, vsftpd: 7 },
      until: 'end',
    };
    return this.#onEachServer([question], async ([asked]) => {
      if (!asked) return;
      await using ours = this.#stage.subject('ours', 'client', asked.place);
      await using basicFtp = this.#stage.subject('basicFtp', 'client', asked.place);
      await ours.do('connectSite', '4');
      await basicFtp.do('connect');
      await ours.do('read', path(0));
      for (const subject of [ours, basicFtp]) await subject.do('save', path(0), '0');
      for (let run = 0; run < this.#stage.runs; run++) {
        await this.#count([asked], 'ours', () => ours.do('save', path(0), String(run)));
        await this.#count([asked], 'basic-ftp', () => basicFtp.do('save', path(1), String(run)));
      }
      await this.#programs([asked], 'up');
      for (const subject of [ours, basicFtp]) await subject.do('quit');
    });
  }

  reopen(): Promise<Row[]> {
    const question: Question = {
      title: 'reopen an unchanged file',
      bars: { proftpd: 1, vsftpd: 1 },
      until: 'end',
    };
    return this.#onEachServer([question], async ([asked]) => {
      if (!asked) return;
      await using ours = this.#stage.subject('ours', 'client', asked.place);
      await ours.do('connectSite', '4');
      // None that was saved just now: within the same second it may be saved again.
      for (const file of [18, 19, 18]) await ours.do('read', path(file));
      for (let run = 0; run < this.#stage.runs; run++) {
        // An answer of the last two seconds would do for the next reader.
        await this.#stage.rest(2500);
        await this.#count([asked], 'ours', () => ours.do('reopen', path(18)));
      }
      await ours.do('quit');
    });
  }

  cold(): Promise<Row[]> {
    const title = 'connect, login, list 20 entries';
    const questions: readonly Question[] = [
      { title: `${title}, to the last byte`, bars: { proftpd: 10, vsftpd: 11 }, until: 'data' },
      { title: `${title}, to the server's 226`, until: 'end' },
      {
        title: 'the same, once the server is known, to the last byte',
        bars: { proftpd: 9, vsftpd: 10 },
        until: 'data',
      },
    ];
    return this.#onEachServer(questions, async (asked) => {
      const [place, unknown, known] = [asked[0]?.place, asked.slice(0, 2), asked.slice(2)];
      if (!place) return;
      await using ours = this.#stage.subject('ours', 'client', place);
      await using basicFtp = this.#stage.subject('basicFtp', 'client', place);
      // The first visit tells in which order the server does things, the second whether a listing may be ended early.
      for (const visit of ['first', 'second']) {
        await ours.do('coldKnown', '/small');
        if (visit === 'first') await ours.do('quit');
      }
      const deeds = [
        [unknown, 'ours', ours, 'cold'],
        [known, 'ours', ours, 'coldKnown'],
        [unknown, 'basic-ftp', basicFtp, 'cold'],
      ] as const;
      for (let run = 0; run < this.#stage.runs; run++) {
        for (const [about, name, subject, deed] of deeds) {
          await subject.do('quit');
          await this.#count(about, name, () => subject.do(deed, '/small'));
        }
        for (const subject of [ours, basicFtp]) await subject.do('quit');
        for (const [name, command, at] of await this.#listers(place)) {
          await this.#stage.rest();
          const { trace } = await this.#stage.traced(() => runProgram(this.#stage, 'client', command));
          asked[0]?.series.add(name, roundTripsToData(trace.packets, at.port, delay));
        }
      }
    });
  }

  async #listers(place: ServerPlace): Promise<[string, Command, ServerPlace][]> {
    const lenient = await this.#stage.place(place.name === 'vsftpd' ? 'vsftpd' : 'proftpd', 'lenient');
    return [
      ['curl', this.#curl.list(place, 'small'), place],
      ['lftp', lftp(place, '1.3', 'cls -l small'), place],
      ['rclone', await rclone(lenient, 'lsf', ':ftp:small'), lenient],
    ];
  }

  async #onEachServer(
    questions: readonly Question[],
    ask: (asked: readonly Asked[]) => Promise<void>,
  ): Promise<Row[]> {
    await this.#stage.network.setDelay(delay);
    const rows: Row[] = [];
    for (const server of servers) {
      const place = await this.#stage.place(server);
      for (const manner of ['strict', 'lenient'] as const) {
        await this.#fill(await this.#stage.place(server, manner));
      }
      const asked = questions.map((question) => ({ place, question, series: new Series() }));
      await ask(asked);
      rows.push(...asked.map((each) => this.#row(each, server)));
    }
    return rows;
  }

  #row({ question, series, trace }: Asked, server: Server): Row {
    const [ours, bar] = [series.median('ours'), question.bars?.[server]];
    const note = `The packets of ours on ${server}, in round trips since the first:\n\n\`\`\`text\n${trace}\n\`\`\``;
    return {
      ...(question.showsTrace && { note }),
      workload: question.title,
      server,
      unit: 'round trips',
      bar: bar === undefined ? '–' : `at most ${bar}${leeway(bar) > 0 ? ` (+${leeway(bar)})` : ''}`,
      ours,
      peers: series.peers(),
      holds: bar === undefined ? undefined : ours <= bar + leeway(bar),
    };
  }

  /** Counts a deed of a session that has come to rest. */
  async #count(
    asked: readonly Asked[],
    name: string,
    act: () => Promise<Pick<Measure, 'begin' | 'end'>>,
  ): Promise<void> {
    await this.#stage.rest(settle);
    const { trace, result } = await this.#stage.traced(act);
    const isMeant = ({ at, from }: Packet): boolean =>
      at >= result.begin && at + (from === 'server' ? delay : 0) <= result.end + 1;
    const packets = trace.packets.filter(isMeant);
    for (const each of asked) {
      const { series, place, question } = each;
      const toData = question.until === 'data';
      series.add(name, toData ? roundTripsToData(packets, place.port, delay) : roundTrips(packets, delay));
      if (name !== 'ours') continue;
      each.trace = describeTrace(packets, place.port, delay);
      this.#stage.log(`${question.title}, ${place.name}:\n${each.trace}`);
    }
  }

  /** What programs need from one file to the next. */
  async #programs(asked: readonly Asked[], direction: Direction): Promise<void> {
    const [first] = asked;
    if (!first) return;
    for (const [name, command, place] of await this.#movers(first.place, direction)) {
      await this.#stage.rest();
      const { trace } = await this.#stage.traced(() => runProgram(this.#stage, 'client', command));
      const value = median(distances(trace.packets, place.port));
      for (const { series } of asked) series.add(name, value);
    }
  }

  async #movers(place: ServerPlace, direction: Direction): Promise<[string, Command, ServerPlace][]> {
    const stage = this.#stage;
    const local = await stage.localFolder();
    const lenient = await stage.place(place.name === 'vsftpd' ? 'vsftpd' : 'proftpd', 'lenient');
    const folder = direction === 'down' ? 'few' : await this.#upFolders(place, lenient);
    const pairs: FilePair[] = Array.from({ length: inARow }, (_, index) => ({
      remote: `${folder}/${index}`,
      local: join(local, String(index)),
    }));
    if (direction === 'up') for (const pair of pairs) await writeFile(pair.local, Buffer.alloc(4096, 'x'));
    const lftpCommands = pairs.map(({ remote, local }) =>
      direction === 'down' ? `get ${remote} -o ${local}` : `put ${local} -o ${remote}`,
    );
    const rcloneWords =
      direction === 'down' ? [`:ftp:${folder}`, join(local, 'rclone')] : [local, `:ftp:${folder}`];
    return [
      ['curl', await this.#curl.move(place, direction, pairs, 1, stage.folder), place],
      ['lftp', lftp(place, '1.3', ...lftpCommands), place],
      ['rclone', await rclone(lenient, 'copy', '--transfers', '1', ...rcloneWords), lenient],
    ];
  }

  async #upFolders(...places: readonly ServerPlace[]): Promise<string> {
    for (const place of places) await this.#stage.serverFolder(place, 'up');
    return 'up';
  }

  async #fill(place: ServerPlace): Promise<void> {
    await this.#stage.serverFiles(place, 'small', fileCount, 4096);
    await this.#stage.serverFiles(place, 'few', inARow, 4096);
  }
}

/** Round trips between the data connections of a program that moves one file after the other. */
function distances(packets: readonly Packet[], controlPort: number): number[] {
  const opened = packets.filter(
    ({ from, flags, targetPort }) => from === 'client' && (flags & 2) !== 0 && targetPort !== controlPort,
  );
  // The first may be a listing's; and the first file is not yet in a row.
  const times = opened.map(({ at }) => at).slice(-inARow);
  return times.slice(1).map((at, index) => (at - (times[index] ?? at)) / (2 * delay));
}

function path(index: number): string {
  return `/small/${index}`;
}

function leeway(bar: number): number {
  return Number.isInteger(bar) ? tolerance : 0;
}
