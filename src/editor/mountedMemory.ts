import { mkdir, rename, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { MountedProfiles } from './profileLevels.ts';

/** A file outside every workspace with the profiles that are mounted as workspace folder. Holds no secret. */
export class MountedMemory {
  readonly #file: string;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** As any window has left them. */
  all(): MountedProfiles {
    return readObject(this.#file);
  }

  async keep(name: string, value: unknown): Promise<void> {
    await this.#change((profiles) => ({ ...allBut(name, profiles), [name]: value }));
  }

  async forget(name: string): Promise<void> {
    await this.#change((profiles) => allBut(name, profiles));
  }

  /** Other windows write the same file, so each change begins with what it holds now. */
  #change(edit: (profiles: MountedProfiles) => MountedProfiles): Promise<void> {
    const change = this.#writing.then(async () => {
      const before = readObject(this.#file);
      const after = edit(before);
      if (!isDeepStrictEqual(before, after)) await replaceFile(this.#file, JSON.stringify(after));
    });
    this.#writing = change.catch(() => undefined);
    return change;
  }
}

/** All that are not found by that name, in which case does not count. */
function allBut(name: string, profiles: MountedProfiles): MountedProfiles {
  const unwanted = name.toLowerCase();
  return Object.fromEntries(Object.entries(profiles).filter(([key]) => key.toLowerCase() !== unwanted));
}

async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  await writeFile(beside, text);
  await rename(beside, file);
}

/** What cannot be read is as good as nothing remembered. */
function readObject(file: string): MountedProfiles {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
