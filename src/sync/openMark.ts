import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from './isRunning.ts';

/** Says in a folder that this process is at it, until it is taken away, or the process ends. */
export class OpenMark {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  static async put(folder: string): Promise<OpenMark> {
    const file = join(folder, ownName());
    await writeFile(file, '');
    return new OpenMark(file);
  }

  /** Whether a process that lives is at the folder which these names are in. */
  static isAmong(names: readonly string[]): boolean {
    return names.some(isOfLiving);
  }

  async take(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}

/** Numbers of processes come again; one that began at another time is another one. */
function ownName(): string {
  return `open-${process.pid}-${Math.floor(performance.timeOrigin)}`;
}

function isOfLiving(name: string): boolean {
  const [, pid] = /^open-(\d+)-/.exec(name) ?? [];
  if (pid === undefined) return false;
  return Number(pid) === process.pid ? name === ownName() : isRunning(Number(pid));
}
