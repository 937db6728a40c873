import type { Readable, Writable } from 'node:stream';
import type { Entry } from '../protocol/entry.ts';
import type { Features } from '../protocol/features.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { parsePathname } from '../protocol/pathname.ts';
import { type Reply, replyClass } from '../protocol/reply.ts';
import { formatTimestamp, parseTimestamp } from '../protocol/timestamp.ts';
import { openSession } from './connect.ts';
import type { ConnectOptions } from './connectOptions.ts';
import { type DirectoryListing, listDirectory, listLong, type ListTraits } from './directoryListing.ts';
import { aborted, asFtpsError, type FtpsError, refusal, type Step } from './errors.ts';
import { probeEntry } from './fileFacts.ts';
import { retrieveFile, storeFile, type StoreOptions, type TransferOptions } from './fileTransfer.ts';
import type { Protection, Session } from './session.ts';
import { Turnstile } from './turnstile.ts';
import { unlessAborted } from './unlessAborted.ts';

/** How a session is protected, and how its data connections fared. */
export interface SessionReport {
  readonly protection: Protection;
  /** `TLSv1.3` and the like; undefined without TLS. */
  readonly tlsVersion: string | undefined;
  readonly cipher: string | undefined;
  /** SHA-256 of the server's certificate, `AA:BB:…`. */
  readonly fingerprint: string | undefined;
  readonly dataConnections: number;
  /** How many of them resumed the control connection's TLS session. */
  readonly resumed: number;
}

/**
 * One FTPS session: a control connection that is logged in. Calls may overlap: commands are pipelined and answered in
 * order, transfers wait for their turn. Every call rejects with an `FtpsError`; an abort rejects it at once, and the
 * session stays in order.
 */
export class FtpsClient implements AsyncDisposable {
  readonly #session: Session;
  readonly #turnstile = new Turnstile();
  readonly #listTraits: ListTraits = { dotFiles: true };

  private constructor(session: Session) {
    this.#session = session;
  }

  /** Connects, secures, verifies and logs in. No password leaves before the certificate is accepted. */
  static async connect(options: ConnectOptions, signal?: AbortSignal): Promise<FtpsClient> {
    return new FtpsClient(await openSession(options, signal));
  }

  get features(): Features {
    return this.#session.features;
  }

  get isOpen(): boolean {
    return this.#session.control.isOpen;
  }

  /** Settles when the control connection is gone: with the reason, or with undefined after `quit`. */
  get closed(): Promise<FtpsError | undefined> {
    return this.#session.control.closed;
  }

  report(): SessionReport {
    const { control, tls, protection, data } = this.#session;
    return {
      protection,
      ...control.tlsInfo(),
      fingerprint: tls?.fingerprint,
      dataConnections: data.opened,
      resumed: data.resumed,
    };
  }

  async workingDirectory(signal?: AbortSignal): Promise<string> {
    return this.#besideOthers(signal, async () => {
      const reply = await this.#session.control.send('PWD');
      if (reply.code !== 257) throw refusal('command', 'to name the working directory (PWD)', reply);
      return parsePathname(reply);
    });
  }

  /** Names, types, sizes and times of what is in a directory; links are not followed. */
  list(path: string, signal?: AbortSignal): Promise<DirectoryListing> {
    return this.#alone('transfer', signal, () =>
      listDirectory(this.#session, this.#listTraits, path, signal),
    );
  }

  /** The same by LIST even where there is MLSD: that of ProFTPD leaves out links that lead nowhere. */
  listLong(path: string, signal?: AbortSignal): Promise<DirectoryListing> {
    return this.#alone('transfer', signal, () => listLong(this.#session, this.#listTraits, path, signal));
  }

  /** What one path is: by MLST, or pieced together from SIZE, MDTM and CWD. @returns undefined when there is nothing */
  stat(path: string, signal?: AbortSignal): Promise<Entry | undefined> {
    return this.#besideOthers(signal, () => probeEntry(this.#session, path));
  }

  /** Bytes; undefined when the server cannot tell. RFC 3659 §4, C-41 */
  async size(path: string, signal?: AbortSignal): Promise<number | undefined> {
    const reply = await this.#ask('SIZE', path, signal);
    const text = reply.code === 213 ? (reply.lines[0] ?? '').trim() : '';
    return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  }

  /** Milliseconds since the epoch, UTC; undefined when the server cannot tell. RFC 3659 §3, C-43 */
  async modifiedAt(path: string, signal?: AbortSignal): Promise<number | undefined> {
    const reply = await this.#ask('MDTM', path, signal);
    return reply.code === 213 ? parseTimestamp((reply.lines[0] ?? '').trim()) : undefined;
  }

  /** MFMT. @returns false when the server has no such command or refuses it. C-43 */
  async setModifiedAt(path: string, milliseconds: number, signal?: AbortSignal): Promise<boolean> {
    if (!this.#session.features.has('MFMT')) return false;
    const reply = await this.#ask('MFMT', `${formatTimestamp(milliseconds)} ${path}`, signal);
    return replyClass(reply.code) === 'completion';
  }

  /** SITE CHMOD. @param mode permission bits, such as 0o644. @returns false when the server refuses it. */
  async setMode(path: string, mode: number, signal?: AbortSignal): Promise<boolean> {
    const bits = (mode & 0o7777).toString(8).padStart(3, '0');
    const reply = await this.#ask('SITE', `CHMOD ${bits} ${path}`, signal);
    return replyClass(reply.code) === 'completion';
  }

  /**
   * RETR, from `offset` on. The sink is ended, or destroyed on failure; its own failure is thrown as it is.
   * @returns bytes received
   */
  async retrieve(
    path: string,
    sink: Writable,
    options: TransferOptions = {},
    signal?: AbortSignal,
  ): Promise<number> {
    try {
      return await this.#alone('transfer', signal, () =>
        retrieveFile(this.#session, path, sink, options, signal),
      );
    } catch (error) {
      sink.destroy();
      throw error;
    }
  }

  /**
   * STOR or APPE. A 226 alone does not prove that all has arrived: compare `size`. The source is destroyed on failure;
   * its own failure is thrown as it is.
   * @returns bytes sent
   */
  async store(
    path: string,
    source: Readable,
    options: StoreOptions = {},
    signal?: AbortSignal,
  ): Promise<number> {
    try {
      return await this.#alone('transfer', signal, () =>
        storeFile(this.#session, path, source, options, signal),
      );
    } catch (error) {
      source.destroy();
      throw error;
    }
  }

  async createDirectory(path: string, signal?: AbortSignal): Promise<void> {
    await this.#command('MKD', path, `to create the folder ${path} (MKD)`, signal);
  }

  async removeDirectory(path: string, signal?: AbortSignal): Promise<void> {
    await this.#command('RMD', path, `to remove the folder ${path} (RMD)`, signal);
  }

  async deleteFile(path: string, signal?: AbortSignal): Promise<void> {
    await this.#command('DELE', path, `to delete ${path} (DELE)`, signal);
  }

  /** RNFR and RNTO leave together, so that nothing can come between them. Most servers replace an existing file. */
  async rename(from: string, to: string, signal?: AbortSignal): Promise<void> {
    await this.#besideOthers(signal, async () => {
      const { control } = this.#session;
      control.check('RNFR', from);
      control.check('RNTO', to);
      const [source, target] = await Promise.all([control.send('RNFR', from), control.send('RNTO', to)]);
      if (source.code !== 350) throw refusal('command', `to rename ${from} (RNFR)`, source);
      if (replyClass(target.code) !== 'completion')
        throw refusal('command', `to rename ${from} to ${to} (RNTO)`, target);
    });
  }

  async noop(signal?: AbortSignal): Promise<void> {
    await this.#ask('NOOP', undefined, signal);
  }

  /** Ends the session in good order: QUIT, close_notify, FIN. Never rejects. C-57 */
  quit(): Promise<void> {
    return this.#session.control.quit();
  }

  /** Drops the connection at once. */
  destroy(): void {
    this.#session.control.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.quit();
  }

  async #command(
    verb: string,
    argument: string | undefined,
    what: string,
    signal?: AbortSignal,
  ): Promise<Reply> {
    const reply = await this.#ask(verb, argument, signal);
    if (replyClass(reply.code) !== 'completion') throw refusal('command', what, reply);
    return reply;
  }

  #ask(verb: string, argument: string | undefined, signal?: AbortSignal): Promise<Reply> {
    return this.#besideOthers(signal, async () => {
      const reply = await this.#session.control.send(verb, argument);
      // Whatever was asked, 421 is no answer to it. RFC 959 §5.4
      if (reply.code === 421) throw refusal('command', verb, reply);
      return reply;
    });
  }

  /** Says something beside what others say. */
  async #besideOthers<T>(signal: AbortSignal | undefined, say: () => Promise<T>): Promise<T> {
    const leave = await this.#enter('command', false, signal);
    const said = say().catch(rethrow);
    said.then(leave, leave);
    return unlessAborted(said, 'command', signal);
  }

  /** Has the control connection to itself until every reply is in, even if the caller no longer waits for them. */
  async #alone<T>(step: Step, signal: AbortSignal | undefined, act: () => Promise<T>): Promise<T> {
    const leave = await this.#enter(step, true, signal);
    const done = act().catch(rethrow);
    const quiet = (): Promise<void> => this.#session.control.quiet();
    void done.then(quiet, quiet).then(leave);
    return unlessAborted(done, step, signal);
  }

  async #enter(step: Step, exclusive: boolean, signal?: AbortSignal): Promise<() => void> {
    try {
      return await this.#turnstile.enter(exclusive, signal);
    } catch {
      throw aborted(step, signal);
    }
  }
}

function rethrow(error: unknown): never {
  throw error instanceof ProtocolError ? asFtpsError(error, 'command', 'its answer was read') : error;
}
