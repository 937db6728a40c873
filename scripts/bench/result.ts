/** What one workload showed on one server. */
export interface Row {
  readonly workload: string;
  readonly server: string;
  readonly unit: string;
  /** In words. */
  readonly bar: string;
  readonly ours: number;
  readonly peers: ReadonlyMap<string, number>;
  /** What is compared with the bar, such as the ratio to the best peer; absent where `ours` is. */
  readonly ratio?: number;
  /** Undefined where nothing is promised. */
  readonly holds: boolean | undefined;
  readonly note?: string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** Values by the name of whom they are of. */
export class Series {
  readonly #values = new Map<string, number[]>();
  readonly #failed = new Set<string>();

  add(name: string, value: number): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }

  /** Whoever fails is named aloud, and not tried again. */
  async try(name: string, measure: () => Promise<number>): Promise<void> {
    if (this.#failed.has(name)) return;
    try {
      this.add(name, await measure());
    } catch (error) {
      console.error(`${name} fails. ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`);
      this.#failed.add(name);
    }
  }

  median(name: string): number {
    return median(this.#values.get(name) ?? []);
  }

  /** The medians of all but ours that came to any. */
  peers(): Map<string, number> {
    const names = [...this.#values.keys()].filter((name) => name !== 'ours');
    return new Map(
      names.map((name) => [name, this.median(name)] as const).filter(([, value]) => !Number.isNaN(value)),
    );
  }
}
