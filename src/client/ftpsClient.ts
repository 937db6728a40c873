import type { Readable, Writable } from 'node:stream';
import type { Entry } from '../protocol/entry.ts';
import type { Features } from '../protocol/features.ts';
import { parsePathname } from '../protocol/pathname.ts';
import { type Reply, replyClass } from '../protocol/reply.ts';
import { formatTimestamp, parseTimestamp } from '../protocol/timestamp.ts';
import { openSession } from './connect.ts';
import type { ConnectOptions } from './connectOptions.ts';
import { type DirectoryListing, listDirectory, type ListTraits } from './directoryListing.ts';
import { aborted, asFtpsError, type FtpsError, refusal } from './errors.ts';
import { probeEntry } from './fileFacts.ts';
import { retrieveFile, storeFile, type StoreOptions, type TransferOptions } from './fileTransfer.ts';
import type { Protection, Session } from './session.ts';
import { Turnstile } from './turnstile.ts';

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
 * order, transfers wait for their turn. Every call rejects with an `FtpsError`.
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
    return this.#alone(false, signal, async () => {
      const reply = await this.#session.control.send('PWD');
      if (reply.code !== 257) throw refusal('command', 'to name the working directory (PWD)', reply);
      return parsePathname(reply);
    });
  }

  /** Names, types, sizes and times of what is in a directory; links are not followed. */
  list(path: string, signal?: AbortSignal): Promise<DirectoryListing> {
    const enter = (): Promise<() => void> => this.#enter(true, signal);
    return listDirectory(this.#session, this.#listTraits, path, enter, signal);
  }

  /** What one path is: by MLST, or pieced together from SIZE, MDTM and CWD. @returns undefined when there is nothing */
  stat(path: string, signal?: AbortSignal): Promise<Entry | undefined> {
    return this.#alone(false, signal, () => probeEntry(this.#session, path));
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

  /** RETR, from `offset` on. The sink is ended, or destroyed on failure. @returns bytes received */
  retrieve(
    path: string,
    sink: Writable,
    options: TransferOptions = {},
    signal?: AbortSignal,
  ): Promise<number> {
    const enter = (): Promise<() => void> => this.#enter(true, signal);
    return retrieveFile(this.#session, path, sink, options, enter, signal);
  }

  /** STOR or APPE. A 226 alone does not prove that all has arrived: compare `size`. @returns bytes sent */
  store(path: string, source: Readable, options: StoreOptions = {}, signal?: AbortSignal): Promise<number> {
    const enter = (): Promise<() => void> => this.#enter(true, signal);
    return storeFile(this.#session, path, source, options, enter, signal);
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
    await this.#alone(false, signal, async () => {
      const { control } = this.#session;
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
    return this.#alone(false, signal, () => this.#session.control.send(verb, argument));
  }

  /** Says something in its turn. An abort gives up on the answer, not on the order of the replies. */
  async #alone<T>(exclusive: boolean, signal: AbortSignal | undefined, say: () => Promise<T>): Promise<T> {
    const leave = await this.#enter(exclusive, signal);
    const said = say().catch((error: unknown) => {
      throw asFtpsError(error, 'command', 'a command was answered');
    });
    said.then(leave, leave);
    if (!signal) return said;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(aborted('command', signal));
      signal.addEventListener('abort', onAbort, { once: true });
      said.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
  }

  async #enter(exclusive: boolean, signal?: AbortSignal): Promise<() => void> {
    try {
      return await this.#turnstile.enter(exclusive, signal);
    } catch {
      throw aborted('command', signal);
    }
  }
}
