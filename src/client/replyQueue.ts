import type { Reply } from '../protocol/reply.ts';
import type { FtpsError } from './errors.ts';
import type { Expectation } from './expectation.ts';

/** The replies that are due on a control connection. They come in the order of the commands, but for two exceptions. */
export class ReplyQueue {
  readonly #due: Expectation[] = [];
  /** Those of them that may be answered out of turn: few, while there may be many. */
  readonly #apart = new Set<Expectation>();
  /** Commands that wait for the reply to the one before them. */
  readonly #held = new Map<Expectation, () => void>();
  readonly #oneAtATime: boolean;

  /** @param oneAtATime for a server that loses or shifts the replies to commands that come together */
  constructor(oneAtATime = false) {
    this.#oneAtATime = oneAtATime;
  }

  /** Whose turn it is. */
  get head(): Expectation | undefined {
    return this.#due[0];
  }

  /** @param say writes the command: now, or when it is its turn */
  add(expectation: Expectation, say: () => void): void {
    this.#due.push(expectation);
    if (expectation.mayBeApart) this.#apart.add(expectation);
    if (this.#due.length === 1) expectation.arm();
    else if (this.#oneAtATime && !expectation.isUrgent) {
      this.#held.set(expectation, say);
      return;
    }
    say();
  }

  /** Hands a final reply to whom it belongs. */
  settle(reply: Reply): void {
    const owner = this.#ownerOf(reply);
    if (owner === undefined) return;
    const place = this.#due.indexOf(owner);
    const isVoid = owner.isFence ? this.#due.splice(0, place) : [];
    this.#due.splice(this.#due.indexOf(owner), 1);
    for (const expectation of [...isVoid, owner]) this.#apart.delete(expectation);
    for (const expectation of isVoid) expectation.onFinal(reply);
    owner.onFinal(reply, place > isVoid.length);
    if (place === 0 || isVoid.length > 0) this.#begin(this.#due[0]);
  }

  #begin(head: Expectation | undefined): void {
    if (head === undefined) return;
    const say = this.#held.get(head);
    this.#held.delete(head);
    head.begin();
    say?.();
  }

  failAll(error: FtpsError): void {
    this.#held.clear();
    this.#apart.clear();
    for (const expectation of this.#due.splice(0)) expectation.fail(error);
  }

  /** Settles once every reply that is due now has come, or never will; but for what was said ahead. */
  async quiet(): Promise<void> {
    const awaited = this.#due.filter(({ isAhead }) => !isAhead || this.#oneAtATime);
    await Promise.allSettled(awaited.map(({ final }) => final));
  }

  #ownerOf(reply: Reply): Expectation | undefined {
    const head = this.#due[0];
    if (this.#apart.size === 0) return head;
    const apart = [...this.#apart];
    const own = apart.find((expectation) => expectation.claims(reply.code, head));
    if (own !== undefined) return own;
    const fence = apart.find(({ isFence }) => isFence);
    const interjection = apart.find(({ interjections }) => interjections.has(reply.code));
    if (fence !== undefined) {
      // C-40: one reply or three may come of ABOR and its transfer; the 200 of NOOP is none of them.
      if (reply.code === 200) return interjection ?? fence;
      if (fence !== head) return head;
      return reply.code >= 500 ? fence : undefined;
    }
    // C-40, C-54: what is said while data moves may be answered before the transfer is, or after.
    return head?.isAnnounced ? (interjection ?? head) : head;
  }
}
