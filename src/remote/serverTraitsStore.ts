import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../client/clock.ts';
import { KnownServer } from './knownServer.ts';
import { type Profile, serverOf } from './profile.ts';
import { type RecordHead, readRecord, writeRecord } from './serverRecord.ts';

export interface ServerTraitsStoreOptions {
  /** A local folder of its own; made when it is needed. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log?: { debug(line: string): void } | undefined;
  /** Most servers that are remembered; those that were not used for longest go. */
  readonly most?: number;
}

interface Entry {
  readonly head: RecordHead;
  readonly server: Promise<KnownServer>;
  cancelSave?: (() => void) | undefined;
}

/** Milliseconds for which changes are gathered before they are written. */
const saveDelay = 1000;

/**
 * What was learnt about servers, kept across restarts: a file for each server and login, which is replaced whole, so that
 * other windows can write theirs at any time. Nothing depends on it: what cannot be read is learnt anew.
 */
export class ServerTraitsStore {
  readonly #options: ServerTraitsStoreOptions;
  /** By file; a change of options begins another one. */
  readonly #entries = new Map<string, Entry>();
  #writing: Promise<void> = Promise.resolve();

  constructor(options: ServerTraitsStoreOptions) {
    this.#options = options;
  }

  /** What is known of the profile's server. All who ask for the same one share the answer. Never rejects. */
  recall(profile: Profile): Promise<KnownServer> {
    const head = headOf(profile);
    const file = this.#fileOf(head);
    const known = this.#entries.get(file);
    if (known?.head.options === head.options) return known.server;
    const entry: Entry = { head, server: this.#read(head, file, () => this.#changed(file, entry)) };
    this.#entries.set(file, entry);
    return entry.server;
  }

  /** Forgets the server that the profile names, whatever its options. Never rejects. */
  forget(profile: Profile): Promise<void> {
    const file = this.#fileOf(headOf(profile));
    this.#entries.delete(file);
    return this.#inTurn(() => rm(file, { force: true }));
  }

  /** Writes at once what is still waiting to be written. Never rejects. */
  async flush(): Promise<void> {
    for (const [file, entry] of this.#entries) if (entry.cancelSave) void this.#save(file, entry);
    await this.#writing;
  }

  #fileOf({ server }: RecordHead): string {
    return join(this.#options.folder, `${digest(server)}.json`);
  }

  async #read(head: RecordHead, file: string, onChange: () => void): Promise<KnownServer> {
    const { clock, log } = this.#options;
    const text = await readFile(file, 'utf8').catch(() => '');
    const now = clock.now();
    if (text !== '') await utimes(file, now / 1000, now / 1000).catch(() => undefined);
    return new KnownServer({ clock, log, onChange, record: readRecord(text, head, now) });
  }

  #changed(file: string, entry: Entry): void {
    entry.cancelSave ??= this.#options.clock.after(saveDelay, () => void this.#save(file, entry));
  }

  #save(file: string, entry: Entry): Promise<void> {
    entry.cancelSave?.();
    entry.cancelSave = undefined;
    return this.#inTurn(async () => {
      const server = await entry.server;
      // It may have been forgotten, or its options changed, since it changed.
      if (this.#entries.get(file) !== entry) return;
      await replaceFile(this.#options.folder, file, writeRecord(entry.head, server.record()));
      await this.#dropOldest();
    });
  }

  async #dropOldest(): Promise<void> {
    const { folder, most = 200 } = this.#options;
    const names = await readdir(folder);
    if (names.length <= most) return;
    const files = await Promise.all(
      names.map(async (name) => ({
        file: join(folder, name),
        usedAt: (await stat(join(folder, name))).mtimeMs,
      })),
    );
    files.sort((a, b) => a.usedAt - b.usedAt);
    for (const { file } of files.slice(0, files.length - most)) await rm(file, { force: true });
  }

  #inTurn(act: () => Promise<void>): Promise<void> {
    this.#writing = this.#writing.then(act).catch((error: unknown) => {
      this.#options.log?.debug(`What was learnt about a server could not be kept: ${String(error)}`);
    });
    return this.#writing;
  }
}

/** Readers, and other windows, see the old content or the new one. */
async function replaceFile(folder: string, file: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const beside = join(folder, `${randomUUID()}.tmp`);
  try {
    await writeFile(beside, text);
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

/** What a server does may depend on every option of the dialogue, but not on the name or the folders of the profile. */
function headOf(profile: Profile): RecordHead {
  const { security, tls, dialogue } = profile;
  return {
    server: `${security}://${serverOf(profile)}`,
    options: digest(JSON.stringify([tls, dialogue])),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
