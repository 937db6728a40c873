import { type Profile, type ProfileResult, readProfile, readProfiles, serverOf } from '../remote/profile.ts';
import { Listeners } from './listeners.ts';
import type { MountedMemory } from './mountedMemory.ts';
import {
  gatherProfiles,
  type MountedProfiles,
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
  readonly move?: FolderMove | undefined;
}

/** Workspace folders, by the name of their connection, whose server is not the one that the settings have. */
export interface FolderMove {
  readonly name: string;
  /** Where they lead, in this and in other windows. */
  readonly before: Profile;
  readonly now: Profile;
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
  /** Told once of what cannot be used in this window because the settings lead its workspace folders elsewhere. */
  readonly onMove = new Listeners<FolderMove>();
  /** Between which servers, by the name of the connection. */
  readonly #told = new Map<string, string>();
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
    return named(name, this.all());
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
    for (const name of this.#options.mountedNames()) this.#tellOnce(name, await this.remember(name));
  }

  /**
   * Keeps a connection that only a workspace defines, so that a window with nothing but its folder still has it.
   * One of the user's own needs no memory, and what was remembered under its name is then out of date.
   *
   * What leads to another server stays: it may be another project's, and what is not saved yet in a folder of that
   * name would be saved on the wrong server.
   *
   * @param agreed what the user wants all the same
   * @returns what has not been done
   */
  async remember(name: string, agreed?: FolderMove): Promise<FolderMove | undefined> {
    // Other windows remember too.
    const stored = named(name, this.#read());
    if (!stored || stored.source.level === 'mounted') return undefined;
    const { move, source, value, result } = stored;
    if (move && !(agreed && serverOf(agreed.now) === serverOf(move.now))) return move;
    if (source.level === 'user') await this.#options.memory.forget(stored.name);
    else if (move || result.ok) await this.#options.memory.keep(stored.name, value);
    return undefined;
  }

  /** Forgets what is remembered of a connection, unless that leads to another server, and is another project's. */
  async forget({ name, source, result }: StoredProfile): Promise<void> {
    const { memory } = this.#options;
    const before = remembered(memory.all(), name);
    const isSame = before && result.ok && serverOf(before) === serverOf(result.profile);
    if (source.level === 'mounted' || isSame) await memory.forget(name);
    await this.refresh();
  }

  #tellOnce(name: string, move: FolderMove | undefined): void {
    const servers = move ? `${serverOf(move.before)} ${serverOf(move.now)}` : '';
    if (move && this.#told.get(name) !== servers) this.onMove.tell(move);
    this.#told.set(name, servers);
  }

  #read(): readonly StoredProfile[] {
    const names = this.#options.mountedNames();
    const isMounted = (name: string): boolean => names.includes(name.toLowerCase());
    const memory = this.#options.memory.all();
    const mounted = Object.fromEntries(Object.entries(memory).filter(([name]) => isMounted(name)));
    const written = gatherProfiles(this.#options.readLevels(), mounted);
    const results = readProfiles(Object.fromEntries(written.map(({ name, value }) => [name, value])));
    return results
      .flatMap((result) => {
        const found = written.find(({ name }) => name === result.name);
        const before = remembered(memory, result.name);
        return found ? [stored(found, result, before, isMounted(result.name))] : [];
      })
      .toSorted((a, b) => a.name.localeCompare(b.name));
  }
}

/**
 * @param before where workspace folders of that name lead
 * @param isMounted whether this window has one of them
 */
function stored(
  written: WrittenProfile,
  result: ProfileResult,
  before: Profile | undefined,
  isMounted: boolean,
): StoredProfile {
  const { name, value, source } = written;
  const now = written.problem === undefined && result.ok ? result.profile : undefined;
  const leadsElsewhere = now && before && serverOf(before) !== serverOf(now);
  const move = leadsElsewhere ? { name, before, now } : undefined;
  const problem = written.problem ?? (move && isMounted ? moveProblem(move) : undefined);
  if (problem === undefined) return { name, value, source, result, move };
  const { warnings } = result;
  return { name, value, source, result: { ok: false, name, problems: [problem], warnings }, move };
}

function moveProblem({ before }: FolderMove): string {
  return `Workspace folders of that name lead to ${serverOf(before)}. Rename one of the connections, or reload the window, which then offers to lead the folders to the new server.`;
}

function remembered(memory: MountedProfiles, name: string): Profile | undefined {
  const wanted = name.toLowerCase();
  const found = Object.entries(memory).find(([key]) => key.toLowerCase() === wanted);
  const result = found && readProfile(...found);
  return result?.ok ? result.profile : undefined;
}

function named(name: string, profiles: readonly StoredProfile[]): StoredProfile | undefined {
  const wanted = name.toLowerCase();
  return profiles.find((stored) => stored.name.toLowerCase() === wanted);
}
