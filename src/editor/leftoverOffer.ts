import type { Clock } from '../client/clock.ts';
import type { RemoteEntry } from '../remote/remoteEntry.ts';
import type { Connection } from './connection.ts';
import { abandonedUploads } from './leftoverUploads.ts';
import { showInformation } from './messages.ts';
import type { Report } from './report.ts';

/** Offers to remove unfinished uploads that listings show; each once in a session. */
export class LeftoverOffer {
  readonly #offered = new Set<string>();
  readonly #report: Report;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(report: Report, clock: Pick<Clock, 'now'>) {
    this.#report = report;
    this.#clock = clock;
  }

  /** @param folder in which, or somewhere below which, the entries are */
  look(connection: Connection, folder: string, entries: readonly RemoteEntry[]): void {
    const keyOf = ({ path }: RemoteEntry): string => `${connection.profile.name}:${path}`;
    const abandoned = abandonedUploads(entries, this.#clock.now());
    const found = abandoned.filter((entry) => !this.#offered.has(keyOf(entry)));
    if (found.length === 0) return;
    for (const entry of found) this.#offered.add(keyOf(entry));
    void this.#offer(connection, folder, found).catch(this.#report);
  }

  async #offer(connection: Connection, folder: string, found: readonly RemoteEntry[]): Promise<void> {
    const what = found.length === 1 ? 'an unfinished upload' : `${found.length} unfinished uploads`;
    const message = `${connection.profile.name} has ${what} of FTPS Explorer in ${folder}, more than a day old.`;
    if ((await showInformation(message, 'Remove', 'Keep')) !== 'Remove') return;
    await connection.run(
      async (files) => {
        for (const { path } of found) await files.delete(path, { recursive: false });
      },
      { gesture: true },
    );
  }
}
