import { lftp, rclone } from '../peers.ts';
import { type Command, runProgram } from '../program.ts';
import { type Row, Series } from '../result.ts';
import { servers, type Stage } from '../stage.ts';

/** One folder with very many entries. */
export async function listing(stage: Stage): Promise<Row[]> {
  const count = stage.quick ? 5000 : 50_000;
  const rows: Row[] = [];
  for (const server of servers) {
    const [place, lenient] = [await stage.place(server), await stage.place(server, 'lenient')];
    for (const at of [place, lenient]) {
      await stage.serverFiles(at, 'large-folder', count, 0);
      await stage.serverFiles(at, 'empty-folder', 0, 0);
    }
    const [walls, growths] = [new Series(), new Series()];
    const programs: [string, (folder: string) => Promise<Command>][] = [
      ['lftp', async (folder) => lftp(place, '1.3', `cls -l ${folder}`)],
      ['rclone', (folder) => rclone(lenient, 'lsf', '--format', 'pst', `:ftp:${folder}`)],
    ];
    for (let run = 0; run < stage.runs; run++) {
      for (const [name, library] of [
        ['ours', 'ours'],
        ['basic-ftp', 'basicFtp'],
      ] as const) {
        await using subject = stage.subject(library, 'server', place);
        await subject.do('connect');
        await subject.do('list', '/empty-folder');
        await stage.rest();
        const { begin, end, growth, result } = await subject.do('list', '/large-folder');
        if (result !== count) throw new Error(`${name} lists ${String(result)} of ${count} entries`);
        walls.add(name, (end - begin) / 1000);
        growths.add(name, growth);
        await subject.do('quit');
      }
      for (const [name, command] of programs) {
        await stage.rest();
        // Start, login and the way there take as long for a folder with nothing in it.
        const empty = await runProgram(stage, 'server', await command('empty-folder'));
        await stage.rest();
        const full = await runProgram(stage, 'server', await command('large-folder'));
        walls.add(name, full.wall - empty.wall);
        growths.add(name, full.peak - empty.peak);
      }
    }
    const [ours, growth] = [walls.median('ours'), growths.median('ours')];
    const ratio = Math.min(...walls.peers().values()) / ours;
    const title = `list ${count} entries, parsed`;
    rows.push(
      {
        workload: title,
        server,
        unit: 's',
        bar: 'at least as fast as the fastest',
        ours,
        peers: walls.peers(),
        ratio,
        holds: ratio >= 1,
      },
      {
        workload: `${title}: memory`,
        server,
        unit: 'MiB above rest',
        bar: 'at most 100',
        ours: growth,
        peers: growths.peers(),
        holds: growth <= 100,
      },
    );
  }
  return rows;
}
