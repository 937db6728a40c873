import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../../bootstrap.mjs';
import { measureActivation } from '../activation.ts';
import { median, type Row } from '../result.ts';

const [mostMilliseconds, mostKilobytes] = [30, 250];

/** What the extension costs each window of VS Code. @param rounds windows */
export async function startUp(rounds: number): Promise<Row[]> {
  await promisify(execFile)(process.execPath, [join(repository, 'scripts/package.mjs')]);
  const { size } = await stat(join(repository, 'dist/extension.cjs'));
  const [activations = []] = await measureActivation([join(repository, 'out/ftps-explorer.vsix')], rounds);
  const milliseconds = median(activations.map(({ load, call }) => load + call));
  const common = { server: 'none', peers: new Map<string, number>() };
  return [
    {
      ...common,
      workload: 'activation in the extension host',
      unit: 'ms',
      bar: `at most ${mostMilliseconds}`,
      ours: milliseconds,
      holds: milliseconds <= mostMilliseconds,
    },
    {
      ...common,
      workload: 'main bundle',
      unit: 'kB',
      bar: `at most ${mostKilobytes}`,
      ours: size / 1000,
      holds: size / 1000 <= mostKilobytes,
    },
  ];
}
