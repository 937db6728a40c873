/** How a transfer is watched and cancelled. */
interface FileTransfer {
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytes: number) => void;
}

/** What is asked and shown of large files; tests put something else in its place. */
export interface LargeFilePorts {
  /** Bytes from which on the user is asked before a file is read. */
  readonly limit: () => number;
  readonly ask: (name: string, size: number) => Promise<boolean>;
  /** Shows the transfer, which can then be cancelled. */
  readonly during: <T>(
    title: string,
    size: number,
    work: (transfer: FileTransfer) => Promise<T>,
  ) => Promise<T>;
}

/** Bytes from which on a transfer is shown. */
const shownFrom = 4 * 1024 * 1024;

/** The user did not want the file after all. */
class Declined extends Error {
  override readonly name = 'Declined';
}

/**
 * VS Code asks its file systems for whole files, and cannot take that back: so large ones are asked about first, and
 * shown where they can be cancelled.
 */
export class LargeFiles {
  readonly #ports: LargeFilePorts;
  /** Questions by address: one for all who ask at the same time, and none where the answer was yes. */
  readonly #answers = new Map<string, Promise<boolean>>();

  constructor(ports: LargeFilePorts) {
    this.#ports = ports;
  }

  /**
   * @param size bytes; 0 when unknown
   * @throws Declined when the user does not want it
   */
  async read<T>(address: string, size: number, work: (transfer: FileTransfer) => Promise<T>): Promise<T> {
    const name = nameOf(address);
    if (size >= this.#ports.limit() && !(await this.#agreed(address, name, size))) {
      throw new Declined(`${name} was not opened.`);
    }
    return this.#show(`Loading ${name}`, size, work);
  }

  /** What is written is in memory already, by the user's own wish: that is not asked about. */
  write<T>(address: string, size: number, work: (transfer: FileTransfer) => Promise<T>): Promise<T> {
    return this.#show(`Saving ${nameOf(address)}`, size, work);
  }

  #show<T>(title: string, size: number, work: (transfer: FileTransfer) => Promise<T>): Promise<T> {
    return size < shownFrom ? work({}) : this.#ports.during(title, size, work);
  }

  async #agreed(address: string, name: string, size: number): Promise<boolean> {
    const answer = this.#answers.get(address) ?? this.#ports.ask(name, size);
    this.#answers.set(address, answer);
    const agreed = await answer;
    if (!agreed) this.#answers.delete(address);
    return agreed;
  }
}

function nameOf(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1);
}
