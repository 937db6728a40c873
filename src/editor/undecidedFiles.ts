import type { ActiveProfile, UndecidedFile } from './activeProfile.ts';

export interface UndecidedFilesOptions {
  readonly active: Pick<ActiveProfile, 'onUndecided' | 'onDidChange'>;
  /** Says that this one waits, and lets the user choose a connection. */
  readonly ask: (file: UndecidedFile) => Promise<void>;
  /** Sends them where they go by now. */
  readonly send: (files: readonly string[]) => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

/**
 * Saved files that several connections map while none of them is the active one: they wait for the choice. So do
 * deletions, which are only asked about here.
 */
export class UndecidedFiles {
  readonly #options: UndecidedFilesOptions;
  readonly #waiting = new Set<string>();
  readonly #stops: readonly (() => void)[];
  #isAsking = false;

  constructor(options: UndecidedFilesOptions) {
    this.#options = options;
    const { active, onProblem } = options;
    this.#stops = [
      active.onUndecided.add((file) => void this.#add(file).catch(onProblem)),
      active.onDidChange.add(() => void this.#sendAll().catch(onProblem)),
    ];
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
  }

  /** One question, however many files are saved while it stands. */
  async #add(file: UndecidedFile): Promise<void> {
    if (!file.isGone) this.#waiting.add(file.localFile);
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      await this.#options.ask(file);
    } finally {
      this.#isAsking = false;
    }
  }

  async #sendAll(): Promise<void> {
    const files = [...this.#waiting];
    this.#waiting.clear();
    if (files.length > 0) await this.#options.send(files);
  }
}
