import { copyFileSync, type Dirent, linkSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporaryName } from '../../../src/remote/temporaryName.ts';

/** The number of a process that is no more: no system counts so far. */
const deadProcess = 0x7ffffffe;

/**
 * What a process leaves on the disk that is killed at this moment, as another folder: files by other names of the same,
 * those that are still being written as copies, and all that bears the number of this process with that of a dead one.
 */
export function leaveBehind(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of entriesOf(from)) {
    const [source, target] = [join(from, entry.name), join(to, dead(entry.name))];
    if (entry.isDirectory()) {
      leaveBehind(source, target);
      continue;
    }
    const isBeingWritten = from.includes('/storage') || isTemporaryName(entry.name);
    try {
      (isBeingWritten ? copyFileSync : linkSync)(source, target);
    } catch {
      // A thread has just taken it away.
    }
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A thread has just taken it away.
    return [];
  }
}

function dead(name: string): string {
  const [own, none] = [process.pid, deadProcess].map((pid) => pid.toString(16).padStart(8, '0'));
  return name
    .replace(`-${process.pid}-`, `-${deadProcess}-`)
    .replace(`.ftps-explorer-${own}`, `.ftps-explorer-${none}`);
}
