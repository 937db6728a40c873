/** How many unspent tickets of one origin are worth keeping: servers send one or two at a time. */
const kept = 4;

/**
 * The TLS sessions of one control connection, for its data connections to resume. Never shared between sessions:
 * ProFTPD and FileZilla Server accept only those of the very control connection. C-25, C-58
 */
export class TlsSessions {
  #fromControl: Buffer[] = [];
  #fromData: Buffer[] = [];
  #lastUsed: Buffer | undefined;

  get isEmpty(): boolean {
    return this.#fromControl.length + this.#fromData.length === 0 && this.#lastUsed === undefined;
  }

  learn(session: Buffer, origin: 'control' | 'data'): void {
    const tickets = origin === 'control' ? this.#fromControl : this.#fromData;
    tickets.push(session);
    if (tickets.length > kept) tickets.shift();
  }

  /**
   * The session to offer next: the newest unspent one, those of the control connection first, else the one offered
   * last. A spent TLS 1.3 ticket is undependable (RFC 8446 §C.4), yet better than none.
   */
  next(): Buffer | undefined {
    const session = this.#fromControl.pop() ?? this.#fromData.pop();
    if (session) this.#lastUsed = session;
    return this.#lastUsed;
  }
}
