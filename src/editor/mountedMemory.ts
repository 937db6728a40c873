import { mkdir, rename, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MountedProfiles } from './profileLevels.ts';

/** A file outside every workspace with the profiles that are mounted as workspace folder. Holds no secret. */
export class MountedMemory {
  readonly #file: string;
  #profiles: MountedProfiles;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
    this.#profiles = readObject(file);
  }

  all(): MountedProfiles {
    return this.#profiles;
  }

  async keep(name: string, value: unknown): Promise<void> {
    await this.#change((profiles) => ({ ...profiles, [name]: value }));
  }

  async forget(name: string): Promise<void> {
    await this.#change((profiles) =>
      Object.fromEntries(Object.entries(profiles).filter(([key]) => key !== name)),
    );
  }

  /** Other windows write the same file, so each change begins with what it holds now. */
  #change(edit: (profiles: MountedProfiles) => MountedProfiles): Promise<void> {
    const change = this.#writing.then(async () => {
      const before = readObject(this.#file);
      const after = edit(before);
      this.#profiles = after;
      if (JSON.stringify(before) !== JSON.stringify(after))
        await replaceFile(this.#file, JSON.stringify(after));
    });
    this.#writing = change.catch(() => undefined);
    return change;
  }
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
