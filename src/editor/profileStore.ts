import { type Profile, type ProfileResult, readProfiles } from '../remote/profile.ts';
import { Listeners } from './listeners.ts';
import type { MountedMemory } from './mountedMemory.ts';
import {
  gatherProfiles,
  type ProfileSource,
  type SettingLevels,
  type WrittenProfile,
} from './profileLevels.ts';

/** One connection as the window has it, valid or not. */
export interface StoredProfile {
  readonly name: string;
  readonly value: unknown;
  readonly source: ProfileSource;
  readonly result: ProfileResult;
}

export interface ProfileStoreOptions {
  readonly readLevels: () => SettingLevels;
  /** Names of the connections that are mounted as workspace folder in this window, in lower case. */
  readonly mountedNames: () => readonly string[];
  readonly memory: MountedMemory;
}

/** The connections of this window, from the settings and from what is remembered of mounted ones. */
export class ProfileStore {
  readonly onDidChange = new Listeners<void>();
  readonly #options: ProfileStoreOptions;
  /** Read when somebody asks. */
  #profiles: readonly StoredProfile[] | undefined;

  constructor(options: ProfileStoreOptions) {
    this.#options = options;
  }

  all(): readonly StoredProfile[] {
    this.#profiles ??= this.#read();
    return this.#profiles;
  }

  /** Finds a connection by its name, without regard to case. */
  find(name: string): StoredProfile | undefined {
    const wanted = name.toLowerCase();
    return this.all().find((stored) => stored.name.toLowerCase() === wanted);
  }

  /** Finds a connection that can be used. */
  usable(name: string): Profile | undefined {
    const result = this.find(name)?.result;
    return result?.ok ? result.profile : undefined;
  }

  /** Reads the settings anew, and remembers what the mounted connections need without this workspace. */
  async refresh(): Promise<void> {
    this.#profiles = undefined;
    this.onDidChange.tell();
    for (const name of this.#options.mountedNames()) await this.remember(name);
  }

  /**
   * Keeps a connection that only a workspace defines, so that a window with nothing but its folder still has it.
   * One of the user's own needs no memory, and what was remembered under its name is then out of date.
   */
  async remember(name: string): Promise<void> {
    const stored = this.find(name);
    if (!stored || stored.source.level === 'mounted') return;
    if (stored.source.level === 'user') return this.#options.memory.forget(stored.name);
    return this.#options.memory.keep(stored.name, stored.value);
  }

  async forget(name: string): Promise<void> {
    await this.#options.memory.forget(name);
    await this.refresh();
  }

  #read(): readonly StoredProfile[] {
    const names = this.#options.mountedNames();
    const mounted = Object.fromEntries(
      Object.entries(this.#options.memory.all()).filter(([name]) => names.includes(name.toLowerCase())),
    );
    const written = gatherProfiles(this.#options.readLevels(), mounted);
    const results = readProfiles(Object.fromEntries(written.map(({ name, value }) => [name, value])));
    return results
      .map((result) =>
        stored(
          result,
          written.find(({ name }) => name === result.name),
        ),
      )
      .filter((profile) => profile !== undefined)
      .toSorted((a, b) => a.name.localeCompare(b.name));
  }
}

function stored(result: ProfileResult, written: WrittenProfile | undefined): StoredProfile | undefined {
  if (!written) return undefined;
  const { name, value, source, problem } = written;
  if (problem === undefined) return { name, value, source, result };
  const { warnings } = result;
  return { name, value, source, result: { ok: false, name, problems: [problem], warnings } };
}
