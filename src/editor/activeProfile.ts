import type { SyncMapping } from '../remote/profile.ts';
import { Listeners } from './listeners.ts';

/** What VS Code remembers for one workspace. */
export interface WorkspaceMemory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

/** A connection and the mapping by which it is one of those that a local file may belong to. */
interface Candidate {
  readonly profile: { readonly name: string };
  readonly mapping: Pick<SyncMapping, 'onSave' | 'watch'>;
}

/** A local file that several connections map while none of them is the active one. */
export interface UndecidedFile {
  readonly localFile: string;
  /** Whether it was deleted, and not saved. */
  readonly isGone: boolean;
}

const key = 'ftps.activeConnections';
const mostRemembered = 20;

/**
 * Which connection is meant where several map the same local file (staging, production): the one that was chosen last
 * of them, so that a choice for one folder leaves that for another as it was.
 */
export class ActiveProfile {
  readonly onDidChange = new Listeners<void>();
  /** Told of local changes that are not carried over because nobody can tell where. */
  readonly onUndecided = new Listeners<UndecidedFile>();
  readonly #memory: WorkspaceMemory;

  constructor(memory: WorkspaceMemory) {
    this.#memory = memory;
  }

  /**
   * The name of the one that is meant. While nobody has chosen, that is the only one that uploads by itself.
   * @returns undefined while nobody can tell
   */
  among(candidates: readonly Candidate[]): string | undefined {
    const names = namesOf(candidates);
    if (names.length < 2) return names[0];
    const chosen = this.#chosen.find((name) => names.includes(name));
    if (chosen !== undefined) return chosen;
    const unasked = namesOf(candidates.filter(({ mapping }) => mapping.onSave || mapping.watch));
    return unasked.length === 1 ? unasked[0] : undefined;
  }

  async choose(name: string): Promise<void> {
    const others = this.#chosen.filter((other) => other !== name);
    await this.#memory.update(key, [name, ...others].slice(0, mostRemembered));
    this.onDidChange.tell();
  }

  /** The last choice first. */
  get #chosen(): readonly string[] {
    const value = this.#memory.get(key);
    return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
  }
}

function namesOf(candidates: readonly Candidate[]): readonly string[] {
  return [...new Set(candidates.map(({ profile }) => profile.name))];
}
