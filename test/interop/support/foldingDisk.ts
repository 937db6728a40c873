import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ensureFoldingDisks } from '../../../scripts/foldingDisks.mjs';
import { ProcessGroup } from './processGroup.ts';

const run = promisify(execFile);
/** Milliseconds; it is there within one second. */
const startLimit = 30_000;

/**
 * `case and form`: names keep their spelling, as on APFS; `decomposed`: their accents stand apart, as on HFS+; `exFAT`:
 * the real one, which folds case alone, knows neither hard links nor permissions, and tells times to the second.
 */
export type Folding = 'case and form' | 'decomposed' | 'exFAT';
export const foldings: readonly Folding[] = ['case and form', 'decomposed', 'exFAT'];

/** A disk that is really mounted, and takes names for the same that Linux takes for different ones. */
export class FoldingDisk implements AsyncDisposable {
  /** Where it is mounted. */
  readonly folder: string;
  readonly #base: string;
  readonly #processes: ProcessGroup;

  private constructor(base: string, folder: string, processes: ProcessGroup) {
    this.#base = base;
    this.folder = folder;
    this.#processes = processes;
  }

  static async mount(folding: Folding): Promise<FoldingDisk> {
    const base = await mkdtemp(join(tmpdir(), 'ftps-folding-'));
    const folder = join(base, 'disk');
    await mkdir(folder);
    if (folding !== 'exFAT')
      return FoldingDisk.#mounted(base, folder, await startFuse(base, folder, folding));
    return withExfatDevice(base, async (device) =>
      FoldingDisk.#mounted(base, folder, await startExfat(base, folder, device)),
    );
  }

  static async #mounted(base: string, folder: string, processes: ProcessGroup): Promise<FoldingDisk> {
    const disk = new FoldingDisk(base, folder, processes);
    const limit = Date.now() + startLimit;
    while (!(await isMounted(folder))) {
      if (!processes.running || Date.now() > limit) {
        const said = processes.output.trim() || 'nothing is said';
        await disk[Symbol.asyncDispose]();
        throw new Error(`A disk that folds names cannot be mounted: ${said}`);
      }
      await setTimeout(20);
    }
    return disk;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (await isMounted(this.folder)) await run('umount', ['--lazy', this.folder]);
    await this.#processes.kill();
    await rm(this.#base, { recursive: true });
  }
}

async function startFuse(base: string, folder: string, folding: Folding): Promise<ProcessGroup> {
  const { python, environment } = await ensureFoldingDisks();
  const root = join(base, 'behind');
  await mkdir(root);
  const settings = join(base, 'settings.json');
  await writeFile(settings, JSON.stringify({ root, folder, decomposes: folding === 'decomposed' }));
  const driver = fileURLToPath(new URL('folding_disk.py', import.meta.url));
  return new ProcessGroup(python, ['-B', driver, settings], { ...process.env, ...environment }, base);
}

async function startExfat(base: string, folder: string, device: string): Promise<ProcessGroup> {
  const { exfat, environment } = await ensureFoldingDisks();
  return new ProcessGroup(exfat, ['-d', device, folder], { ...process.env, ...environment }, base);
}

/** An image of an empty exFAT disk as a block device, for as long as something has it open. */
async function withExfatDevice<Result>(
  base: string,
  use: (device: string) => Promise<Result>,
): Promise<Result> {
  const { makeExfat } = await ensureFoldingDisks();
  const image = join(base, 'image');
  await writeFile(image, '');
  await truncate(image, 64 * 1024 * 1024);
  await run(makeExfat, [image]);
  const { stdout } = await run('losetup', ['--find', '--show', image]);
  try {
    return await use(stdout.trim());
  } finally {
    await run('losetup', ['--detach', stdout.trim()]);
  }
}

async function isMounted(folder: string): Promise<boolean> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8');
  return mounts.split('\n').some((line) => line.split(' ')[4] === folder);
}
