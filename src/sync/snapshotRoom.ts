import { RemoteError } from '../remote/errors.ts';

/** A sync that is kept. */
export interface KeptSync {
  readonly id: string;
  readonly bytes: number;
  /** Another process is at it. */
  readonly isHeld: boolean;
}

/** What of the room of a snapshot store is taken, and which syncs go when more is wanted. */
export class SnapshotRoom {
  readonly #limit: () => number;
  /** The oldest first. */
  #ended: KeptSync[] = [];
  readonly #open = new Map<string, { bytes: number; readonly spared: string | undefined }>();
  /** Syncs that give way to others, by the one that they give way to. */
  readonly #giveWay = new Map<string, string[]>();

  /** @param limit bytes; read at each use */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  isOpen(id: string): boolean {
    return this.#open.has(id);
  }

  /**
   * @param spared the sync that this one takes back: it neither gives way to it, nor counts, or there would be no room to
   *   undo what has filled the store
   */
  open(id: string, bytes: number, spared: string | undefined): void {
    this.#open.set(id, { bytes, spared });
  }

  /** @param kept what the disk has */
  learn(kept: readonly KeptSync[]): void {
    this.#ended = kept.filter(({ id }) => !this.#open.has(id)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /**
   * Takes room for so many bytes more of an open sync. The oldest that have ended are to give way; none that is open does.
   * @throws RemoteError `noSpace` when that would not be enough; then nothing gives way
   */
  reserve(id: string, bytes: number): void {
    const open = this.#open.get(id);
    if (!open) return;
    const limit = this.#limit();
    const leaving = new Set([...this.#giveWay.values()].flat());
    const staying = this.#ended.filter((sync) => !leaving.has(sync.id) && sync.id !== open.spared);
    const isSpared = (sync: KeptSync): boolean =>
      [...this.#open.values()].some(({ spared }) => spared === sync.id);
    const movable = staying.filter((sync) => sync.bytes > 0 && !sync.isHeld && !isSpared(sync));
    const wanted = [...this.#open.values()].reduce((sum, other) => sum + other.bytes, bytes);
    if (wanted + bytesOf(staying) - bytesOf(movable) > limit) throw full(limit);
    let total = wanted + bytesOf(staying);
    const going: string[] = [];
    for (const sync of movable) {
      if (total <= limit) break;
      going.push(sync.id);
      total -= sync.bytes;
    }
    open.bytes += bytes;
    this.#giveWay.set(id, [...(this.#giveWay.get(id) ?? []), ...going]);
  }

  /** Gives room back that was taken for nothing. */
  release(id: string, bytes: number): void {
    const open = this.#open.get(id);
    if (open) open.bytes -= bytes;
  }

  /** @returns those that have to go now, because this one has something to keep in their place */
  claim(id: string): readonly string[] {
    const going = this.#giveWay.get(id) ?? [];
    this.#giveWay.delete(id);
    this.#ended = this.#ended.filter((sync) => !going.includes(sync.id));
    return going;
  }

  /** It has ended. What was to give way to it, and has not, stays. @param isKept whether there is anything of it */
  close(id: string, isKept: boolean): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    this.#giveWay.delete(id);
    if (open && isKept) this.#ended.push({ id, bytes: open.bytes, isHeld: false });
  }
}

function bytesOf(syncs: readonly KeptSync[]): number {
  return syncs.reduce((sum, { bytes }) => sum + bytes, 0);
}

function full(bytes: number): RemoteError {
  const limit = `${Math.round(bytes / 1_048_576)} MiB`;
  const message = `What was there before does not fit into the ${limit} that are kept for an undo ("ftps.sync.snapshotLimit"). Nothing was changed: raise the limit, or carry this file over by hand.`;
  return new RemoteError('noSpace', '/', message);
}
