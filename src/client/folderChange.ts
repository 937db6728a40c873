import { type Reply, replyClass } from '../protocol/reply.ts';
import { FtpsError, quoted, refusal } from './errors.ts';
import type { Expectation } from './expectation.ts';
import { pipelines } from './pipelining.ts';
import type { Session } from './session.ts';
import { elsewhere, isLoss } from './transferDoubt.ts';

/** Whether CWD may leave in one flight with the LIST of the folder. */
export function leavesWithList(session: Session): boolean {
  return pipelines(session) && session.traits.bearsFlights && session.traits.cwdWithList !== false;
}

/**
 * CWD, said alone or in one flight with the LIST behind it: what that lists is the folder's once CWD is answered by
 * success, and thrown away otherwise.
 */
export class FolderChange {
  readonly #session: Session;
  readonly #path: string;
  #asked: Expectation | undefined;
  #isAlone = false;
  #refusal: FtpsError | undefined;

  /** @throws FtpsError `invalidArgument`. C-47 */
  constructor(session: Session, path: string) {
    this.#session = session;
    this.#path = path;
    session.control.check('CWD', path);
  }

  /** Says it, and waits for the answer. @throws FtpsError */
  async alone(): Promise<void> {
    this.#isAlone = true;
    await this.#say();
    this.throwIfRefused();
  }

  /** Says it, unless it was said: for what leaves right behind it. @throws FtpsError when it is known to be refused */
  readonly lead = (): void => {
    this.throwIfRefused();
    if (this.#asked === undefined) this.#say().catch(() => {});
  };

  throwIfRefused(): void {
    if (this.#refusal) throw this.#refusal;
  }

  /** Behind a listing that came. @throws FtpsError when it is another folder's */
  async confirm(): Promise<void> {
    await this.#asked?.final;
    this.throwIfRefused();
    if (!this.#isAlone) this.#session.traits.cwdWithList = true;
  }

  /** What to report of a listing that failed: the refusal of CWD goes first. */
  judge(error: unknown): unknown {
    const { control, traits } = this.#session;
    if (!(error instanceof FtpsError) || error.kind === 'aborted') return error;
    if (this.#refusal) {
      // The session may be gone over LIST, and whoever is refused may want to ask why.
      const isInOrder = control.isOpen || this.#refusal.reply?.code === 421;
      return isInOrder ? this.#refusal : elsewhere(this.#refusal);
    }
    if (this.#isAlone || control.isOpen || traits.cwdWithList === true) return error;
    if (!isLoss(error)) return error;
    // It may have been that: the next session says them one by one.
    traits.cwdWithList = false;
    return error.retryWith === undefined ? elsewhere(error) : error;
  }

  async #say(): Promise<void> {
    const session = this.#session;
    const asked = session.control.begin('CWD', this.#path);
    this.#asked = asked;
    const reply = await asked.final;
    if (!this.#isAlone && isOutOfTurn(asked, reply)) {
      session.traits.cwdWithList = false;
      this.#refusal = elsewhere(outOfTurn(reply));
      session.control.destroy(this.#refusal);
    } else if (replyClass(reply.code) === 'completion') session.directory = this.#path;
    else this.#refusal = refusal('command', `the folder ${this.#path} (CWD)`, reply);
  }
}

/** C-53: 150 and 226 are of LIST: a server that says them first may have listed before it went. */
function isOutOfTurn(asked: Expectation, reply: Reply): boolean {
  return asked.isAnnounced || reply.code === 226;
}

function outOfTurn(reply: Reply): FtpsError {
  const message = `The server answered LIST before CWD, with which it left: ${quoted(reply)}. Connect again.`;
  return new FtpsError('protocol', 'command', message);
}
