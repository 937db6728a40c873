import { copyFile, stat, truncate } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { RemoteError } from '../../../src/remote/errors.ts';
import { temporaryName } from '../../../src/remote/temporaryName.ts';
import type { SyncFiles } from '../../../src/sync/remoteSide.ts';

/** Something that goes wrong on the way to the server. */
export interface Fault {
  /** How many calls go well before. */
  readonly after: number;
  /**
   * `lost`: the deed is done and its answer never comes; `dead`: nothing is answered from then on; `cut`: half of a file
   * arrives, under the name that it has until it is whole; `crash`: the product is killed some turns later.
   */
  readonly kind: 'refused' | 'lost' | 'dead' | 'cut' | 'crash';
  /** Of Node's loop, between the call and the kill. */
  readonly turns: number;
}

/** The files of a server behind a line that breaks when a test wants it to. */
export class FaultyFiles {
  readonly files: SyncFiles;
  #fault: Fault | undefined;
  #calls = 0;
  readonly #kill: (() => void) | undefined;

  /** @param kill ends the product at once; without it a server is dead instead */
  constructor(files: SyncFiles, kill?: () => void) {
    this.#kill = kill;
    this.files = {
      stat: (path, ...rest) => this.#call(path, () => files.stat(path, ...rest)),
      upload: (localFile, path, ...rest) =>
        this.#call(
          path,
          () => files.upload(localFile, path, ...rest),
          async () => {
            const half = `${localFile}.half`;
            await copyFile(localFile, half);
            await halve(half);
            await files.upload(half, join(dirname(path), temporaryName(basename(path))), ...rest);
          },
        ),
      download: (path, localFile, ...rest) =>
        this.#call(
          path,
          () => files.download(path, localFile, ...rest),
          async () => {
            await files.download(path, localFile, ...rest);
            await halve(localFile);
          },
        ),
      delete: (path, ...rest) => this.#call(path, () => files.delete(path, ...rest)),
      createDirectory: (path, ...rest) => this.#call(path, () => files.createDirectory(path, ...rest)),
      hash: (path, ...rest) => this.#call(path, () => files.hash(path, ...rest)),
      crawl: (path, ...rest) => files.crawl(path, ...rest),
    };
  }

  /** From now on; undefined: everything goes well. */
  breakDown(fault: Fault | undefined): void {
    this.#fault = fault;
    this.#calls = 0;
    // Some syncs have little to say to the server.
    if (fault?.kind === 'crash' && fault.after === 0 && this.#kill) void this.#crash(fault);
  }

  /** A step is over: the next one may have nothing to say to the server. */
  readonly onStep = (): void => {
    if (this.#fault?.kind === 'crash') this.#count();
  };

  /** @returns how many calls and steps there were before */
  #count(): number {
    const fault = this.#fault;
    const count = this.#calls++;
    if (fault?.kind === 'crash' && count + 1 === fault.after) void this.#crash(fault);
    return count;
  }

  async #call<Result>(path: string, act: () => Promise<Result>, half?: () => Promise<void>): Promise<Result> {
    const fault = this.#fault;
    const count = this.#count();
    if (fault?.kind === 'crash' && this.#kill) return act();
    const isDead = fault?.kind === 'dead' || fault?.kind === 'crash';
    const strikes = fault && (isDead ? count >= fault.after : count === fault.after);
    if (strikes && fault.kind === 'cut') await half?.();
    if (strikes && fault.kind !== 'lost') throw gone(path);
    const result = await act();
    if (strikes) throw gone(path);
    return result;
  }

  /** Unless all is over by then. */
  async #crash(fault: Fault): Promise<void> {
    for (let turn = 0; turn < fault.turns; turn++) await nextTurn();
    if (this.#fault === fault) this.#kill?.();
  }
}

async function halve(file: string): Promise<void> {
  await truncate(file, Math.floor((await stat(file)).size / 2));
}

function gone(path: string): RemoteError {
  return new RemoteError('unavailable', path, 'The connection is gone.', { retryable: true });
}
