import { RemoteError } from '../../../src/remote/errors.ts';
import type { SyncFiles } from '../../../src/sync/remoteSide.ts';

/** Something that goes wrong on the way to the server. */
export interface Fault {
  /** How many calls go well before. */
  readonly after: number;
  /** `lost`: the deed is done and its answer never comes; `dead`: nothing is answered from then on. */
  readonly kind: 'refused' | 'lost' | 'dead';
}

/** The files of a server behind a line that breaks when a test wants it to. */
export class FaultyFiles {
  readonly files: SyncFiles;
  #fault: Fault | undefined;
  #calls = 0;

  constructor(files: SyncFiles) {
    this.files = {
      stat: (path, ...rest) => this.#call(path, () => files.stat(path, ...rest)),
      upload: (localFile, path, ...rest) => this.#call(path, () => files.upload(localFile, path, ...rest)),
      download: (path, ...rest) => this.#call(path, () => files.download(path, ...rest)),
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
  }

  async #call<Result>(path: string, act: () => Promise<Result>): Promise<Result> {
    const fault = this.#fault;
    const count = this.#calls++;
    const strikes = fault && (fault.kind === 'dead' ? count >= fault.after : count === fault.after);
    if (strikes && fault.kind !== 'lost') throw gone(path);
    const result = await act();
    if (strikes) throw gone(path);
    return result;
  }
}

function gone(path: string): RemoteError {
  return new RemoteError('unavailable', path, 'The connection is gone.', { retryable: true });
}
