import type { Clock } from '../client/clock.ts';
import { newServerTraits, type ServerTraits } from '../client/serverTraits.ts';
import { mayComeOfTraits } from './errors.ts';
import type { LearntTrait, ServerRecord } from './serverRecord.ts';
import type { LearntLimit } from './sessionLimit.ts';

export interface KnownServerOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** What an earlier run learnt. */
  readonly record?: ServerRecord | undefined;
  readonly onChange?: () => void;
  readonly log?: { debug(line: string): void } | undefined;
}

/** Traits whose changes are noticed. */
interface Watched {
  readonly traits: ServerTraits;
  /** When each was learnt. */
  readonly learntAt: Map<string, number>;
}

/** What is known of one server under one login; all sessions with it share this and add to it. */
export class KnownServer {
  readonly #options: KnownServerOptions;
  #current: Watched;
  /** What an attempt begins with when what is known may be wrong. */
  #anew: Watched | undefined;
  #limit: LearntLimit | undefined;

  constructor(options: KnownServerOptions) {
    this.#options = options;
    this.#limit = options.record?.limit;
    this.#current = this.#watch(options.record?.traits);
  }

  get learntLimit(): LearntLimit | undefined {
    return this.#limit;
  }

  learnLimit(limit: LearntLimit | undefined): void {
    this.#limit = limit;
    this.#options.onChange?.();
  }

  /**
   * Opens a session with what is known. One that breaks off is tried once more: with what the first attempt found out, or
   * where that was nothing, as if nothing were known; and if that helps, what was known is forgotten.
   */
  async open<Client>(connect: (traits: ServerTraits) => Promise<Client>): Promise<Client> {
    const tried = this.#current;
    const before = JSON.stringify(tried.traits);
    try {
      return await connect(tried.traits);
    } catch (error) {
      if (!mayComeOfTraits(error)) throw error;
      const isWiser = this.#current !== tried || JSON.stringify(tried.traits) !== before;
      if (!isWiser && before === JSON.stringify(newServerTraits())) throw error;
      this.#options.log?.debug(`Connecting again in another way, because: ${String(error)}`);
      return isWiser ? connect(this.#current.traits) : this.#openAnew(connect);
    }
  }

  record(): ServerRecord {
    const { traits, learntAt } = this.#current;
    const unlearnt = new Map(Object.entries<unknown>({ ...newServerTraits() }));
    const learnt: Record<string, LearntTrait> = {};
    for (const [name, value] of Object.entries<unknown>({ ...traits })) {
      const at = learntAt.get(name);
      if (at !== undefined && value !== unlearnt.get(name)) learnt[name] = { value, at };
    }
    return { traits: learnt, limit: this.#limit };
  }

  async #openAnew<Client>(connect: (traits: ServerTraits) => Promise<Client>): Promise<Client> {
    this.#anew ??= this.#watch();
    const anew = this.#anew;
    const client = await connect(anew.traits);
    // Of several attempts side by side, the first one settles it.
    if (this.#anew === anew) {
      this.#anew = undefined;
      this.#current = anew;
      this.#options.onChange?.();
    }
    return client;
  }

  #watch(kept: ServerRecord['traits'] = {}): Watched {
    const learntAt = new Map<string, number>();
    const plain = newServerTraits();
    for (const [name, { value, at }] of Object.entries(kept)) {
      Reflect.set(plain, name, value);
      learntAt.set(name, at);
    }
    const set = (target: ServerTraits, name: string | symbol, value: unknown): boolean => {
      if (typeof name !== 'string' || Reflect.get(target, name) === value) return true;
      learntAt.set(name, this.#options.clock.now());
      Reflect.set(target, name, value);
      if (this.#current.learntAt === learntAt) this.#options.onChange?.();
      return true;
    };
    return { traits: new Proxy(plain, { set }), learntAt };
  }
}
