import type { SnapshotStore, SnapshotWriter } from './snapshotStore.ts';

interface Part {
  id: string | undefined;
  users: number;
  writer: Promise<SnapshotWriter> | undefined;
  /** The end of the writer before. */
  closing: Promise<void>;
}

/**
 * What the user takes for one deed, of however many syncs it is made: all that it keeps is kept together, so that one
 * undo takes all of it back.
 */
export class SyncAction {
  readonly #parts = new Map<SnapshotStore, Part>();

  /** @param now milliseconds since the epoch */
  async keeping<Result>(
    store: SnapshotStore,
    now: number,
    act: (snapshot: SnapshotWriter) => Promise<Result>,
  ): Promise<Result> {
    const part = this.#partOf(store);
    part.users++;
    part.writer ??= openWriter(part, store, now);
    const { writer } = part;
    try {
      const snapshot = await writer;
      part.id = snapshot.id;
      return await act(snapshot);
    } finally {
      if (--part.users === 0) {
        part.writer = undefined;
        part.closing = close(writer);
        await part.closing;
      }
    }
  }

  #partOf(store: SnapshotStore): Part {
    const known = this.#parts.get(store);
    if (known) return known;
    const part: Part = { id: undefined, users: 0, writer: undefined, closing: Promise.resolve() };
    this.#parts.set(store, part);
    return part;
  }
}

async function openWriter({ id, closing }: Part, store: SnapshotStore, now: number): Promise<SnapshotWriter> {
  await closing.catch(() => undefined);
  return id === undefined ? store.begin(now) : store.resume(id, now);
}

async function close(writer: Promise<SnapshotWriter>): Promise<void> {
  const snapshot = await writer.catch(() => undefined);
  await snapshot?.[Symbol.asyncDispose]();
}
