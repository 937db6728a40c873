import { isLastingRefusal } from './errors.ts';
import type { RemoteClient } from './remoteClient.ts';

/** Unfinished files that a broken connection left on the server. They are removed as soon as a session can. */
export class Leftovers {
  readonly #paths = new Set<string>();

  get paths(): readonly string[] {
    return [...this.#paths];
  }

  /** Removes an unfinished file now, or remembers it. Never rejects. */
  async remove(client: RemoteClient, path: string): Promise<void> {
    this.#paths.add(path);
    if (!client.isOpen) return;
    try {
      await client.deleteFile(path);
      this.#paths.delete(path);
    } catch (error) {
      // A server that discards broken uploads by itself has nothing left to delete; one that is busy has.
      if (isLastingRefusal(error)) this.#paths.delete(path);
    }
  }

  /** Removes what earlier saves left. Never rejects. */
  async sweep(client: RemoteClient): Promise<void> {
    await Promise.all(this.paths.map((path) => this.remove(client, path)));
  }
}
