import type { Writable } from 'node:stream';
import type { Entry } from '../protocol/entry.ts';
import type { Features } from '../protocol/features.ts';
import { type Reply, replyClass } from '../protocol/reply.ts';
import { formatTimestamp } from '../protocol/timestamp.ts';
import { changeMode } from './changeMode.ts';
import { clearCommandChannel } from './clearCommandChannel.ts';
import { openSession } from './connect.ts';
import type { ConnectOptions } from './connectOptions.ts';
import { type DirectoryListing, listDirectory, listLong } from './directoryListing.ts';
import { FtpsError, refusal, unlessEnded } from './errors.ts';
import { probeEntry, sizeOf, timeOf } from './fileFacts.ts';
import { hashFile, type RemoteHash } from './fileHash.ts';
import {
  retrieveFile,
  storeFile,
  type StoreOptions,
  storeUniqueFile,
  type TransferOptions,
  type UniqueFile,
} from './fileTransfer.ts';
import { type MoveOutcome, moveVerified, type VerifiedMove } from './moveVerified.ts';
import { chooseProtection } from './protection.ts';
import { sayRawCommand } from './rawCommand.ts';
import { reinitialize } from './reinitialize.ts';
import { removeDirectory } from './removeDirectory.ts';
import { renameFile } from './renameFile.ts';
import { copyInTurn } from './serverToServer.ts';
import type { UploadSource } from './sendAll.ts';
import type { Protection, Session } from './session.ts';
import { reportOf, type SessionReport } from './sessionReport.ts';
import { once, SessionTurns, type Turn } from './sessionTurns.ts';
import { untilCommitted } from './untilCommitted.ts';
import { statusBeside } from './statusBeside.ts';
import { unlessAborted } from './unlessAborted.ts';
import { askWorkingDirectory } from './workingDirectory.ts';

const list: Turn = { step: 'transfer', isUnspent: () => true };

/**
 * One FTPS session: a control connection that is logged in. Calls may overlap: commands are pipelined and answered in
 * order, transfers wait for their turn. Every call rejects with an `FtpsError`; an abort rejects it at once, and the
 * session stays in order.
 */
export class FtpsClient implements AsyncDisposable {
  readonly #turns: SessionTurns;

  private constructor(session: Session) {
    this.#turns = new SessionTurns(session);
  }

  /** Connects, secures, verifies and logs in. No password leaves before the certificate is accepted. */
  static async connect(options: ConnectOptions, signal?: AbortSignal): Promise<FtpsClient> {
    return new FtpsClient(await openSession(options, signal));
  }

  get features(): Features {
    return this.#turns.session.features;
  }

  get isOpen(): boolean {
    return this.#turns.session.control.isOpen;
  }

  /** Settles when the session is gone: with the reason, or with undefined after `quit`. */
  get closed(): Promise<FtpsError | undefined> {
    return this.#turns.closed;
  }

  report(): SessionReport {
    return reportOf(this.#turns.session, this.#turns.replaced);
  }

  workingDirectory(signal?: AbortSignal): Promise<string> {
    return this.#turns.beside(signal, askWorkingDirectory);
  }

  /** Names, types, sizes and times of what is in a directory; links are not followed. */
  list(path: string, signal?: AbortSignal): Promise<DirectoryListing> {
    return this.#turns.alone(list, signal, (session) => listDirectory(session, path, signal));
  }

  /** The same by LIST even where there is MLSD: that of ProFTPD leaves out links that lead nowhere. */
  listLong(path: string, signal?: AbortSignal): Promise<DirectoryListing> {
    return this.#turns.alone(list, signal, (session) => listLong(session, path, signal));
  }

  /** What one path is: by MLST, or pieced together from SIZE, MDTM and CWD. @returns undefined when there is nothing */
  stat(path: string, signal?: AbortSignal): Promise<Entry | undefined> {
    return this.#turns.beside(signal, (session) => probeEntry(session, path));
  }

  /** Bytes; undefined when the server cannot tell. RFC 3659 §4, C-41 */
  async size(path: string, signal?: AbortSignal): Promise<number | undefined> {
    return sizeOf(await this.#ask('SIZE', path, signal));
  }

  /** Milliseconds since the epoch, UTC; undefined when the server cannot tell. RFC 3659 §3, C-43 */
  async modifiedAt(path: string, signal?: AbortSignal): Promise<number | undefined> {
    return timeOf(await this.#ask('MDTM', path, signal));
  }

  /** MFMT. @returns false when the server has no such command or refuses it. C-43 */
  async setModifiedAt(path: string, milliseconds: number, signal?: AbortSignal): Promise<boolean> {
    if (!this.features.has('MFMT')) return false;
    const reply = await this.#ask('MFMT', `${formatTimestamp(milliseconds)} ${path}`, signal);
    return replyClass(reply.code) === 'completion';
  }

  /** SITE CHMOD. @param mode permission bits, such as 0o644. @returns false when the server refuses it. */
  setMode(path: string, mode: number, signal?: AbortSignal): Promise<boolean> {
    return this.#turns.beside(signal, (session) => changeMode(session, path, mode));
  }

  /** What the server computes of the bytes of a file, by HASH or an X… command. @returns undefined when it tells nothing */
  hash(path: string, signal?: AbortSignal): Promise<RemoteHash | undefined> {
    return this.#turns.beside(signal, (session) => hashFile(session, path));
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
    const turn = { step: 'transfer', isUnspent: () => !sink.destroyed && !sink.writableEnded } as const;
    try {
      return await this.#turns.alone(turn, signal, (session) =>
        retrieveFile(session, path, sink, options, signal),
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
  store(
    path: string,
    source: UploadSource,
    options: StoreOptions = {},
    signal?: AbortSignal,
  ): Promise<number> {
    return this.#send(source, signal, (session) => storeFile(session, path, source, options, signal));
  }

  /** STOU: like `store`, under a name that the server chooses. C-42 */
  storeUnique(
    folder: string,
    source: UploadSource,
    options: Pick<TransferOptions, 'onProgress'> = {},
    signal?: AbortSignal,
  ): Promise<UniqueFile> {
    return this.#send(source, signal, (session) => storeUniqueFile(session, folder, source, options, signal));
  }

  /** Server to server: this one hands the file to that one. Only in clear, and so only where clear data is allowed. C-27 */
  async copyTo(target: FtpsClient, path: string, targetPath: string, signal?: AbortSignal): Promise<void> {
    if (target === this) {
      throw new FtpsError('invalidArgument', 'transfer', 'A file can be handed to another session only.');
    }
    return copyInTurn(this.#turns, path, target.#turns, targetPath, signal);
  }

  async createDirectory(path: string, signal?: AbortSignal): Promise<void> {
    await this.#command('MKD', path, `to create the folder ${path} (MKD)`, signal);
  }

  removeDirectory(path: string, signal?: AbortSignal): Promise<void> {
    return this.#turns.beside(signal, (session) => removeDirectory(session, path));
  }

  async deleteFile(path: string, signal?: AbortSignal): Promise<void> {
    await this.#command('DELE', path, `to delete ${path} (DELE)`, signal);
  }

  /** RNFR and RNTO leave together, so that nothing can come between them. Most servers replace an existing file. */
  rename(from: string, to: string, signal?: AbortSignal): Promise<void> {
    return this.#turns.beside(signal, (session) => renameFile(session, from, to));
  }

  /** Gives an uploaded file its name once what is told of it is right: two round trips. An abort counts until RNTO. */
  moveVerified(from: string, to: string, move: VerifiedMove, signal?: AbortSignal): Promise<MoveOutcome> {
    return untilCommitted(signal, (cancellable, onCommit) =>
      this.#turns.alone(once('command'), cancellable, (session) =>
        moveVerified(session, from, to, move, onCommit, cancellable),
      ),
    );
  }

  async noop(signal?: AbortSignal): Promise<void> {
    await this.#ask('NOOP', undefined, signal);
  }

  /** SYST. @returns undefined when the server does not tell. C-51 */
  async system(signal?: AbortSignal): Promise<string | undefined> {
    const reply = await this.#ask('SYST', undefined, signal);
    return reply.code === 215 ? reply.lines[0] : undefined;
  }

  /** STAT, the lines of its answer; during a transfer it is said beside the data. C-40 */
  async status(signal?: AbortSignal): Promise<readonly string[]> {
    const { control } = this.#turns.session;
    const reply = control.isTransferring
      ? await unlessAborted(statusBeside(control), 'command', signal)
      : await this.#ask('STAT', undefined, signal);
    if (replyClass(reply.code) !== 'completion') throw refusal('command', 'to tell its status (STAT)', reply);
    return reply.lines;
  }

  /** A command that needs no data connection and changes nothing the client keeps track of, such as SITE; its reply. */
  command(line: string, signal?: AbortSignal): Promise<Reply> {
    return this.#turns.beside(signal, (session) => sayRawCommand(session, line));
  }

  /** PROT: at any time, also while a transfer opens its data connection. C-3, C-18 */
  setProtection(level: Protection, signal?: AbortSignal): Promise<void> {
    const { session } = this.#turns;
    if (!session.isOpeningData) return this.#turns.beside(signal, (at) => chooseProtection(at, level));
    const change = chooseProtection(session, level);
    session.protectionChange = change.catch(() => {});
    return unlessAborted(change, 'protection', signal);
  }

  /** REIN: logs out, takes TLS off, and begins anew on the same TCP connection with the same options. C-6, C-7 */
  reinitialize(signal?: AbortSignal): Promise<void> {
    return this.#turns.alone(once('login'), signal, (session) => reinitialize(session, signal));
  }

  /** CCC: commands go on in clear, data connections as they were; the option `allowClearCommandChannel` allows it. C-28 */
  clearCommandChannel(signal?: AbortSignal): Promise<void> {
    return this.#turns.alone(once('command'), signal, (session) => clearCommandChannel(session, signal));
  }

  /** Ends the session in good order: QUIT, close_notify, FIN. Never rejects. C-57 */
  quit(): Promise<void> {
    return this.#turns.quit();
  }

  /** Drops the connection at once. */
  destroy(): void {
    this.#turns.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.quit();
  }

  async #send<T>(
    source: UploadSource,
    signal: AbortSignal | undefined,
    send: (session: Session) => Promise<T>,
  ): Promise<T> {
    const turn = { step: 'transfer', isUnspent: () => !source.readableDidRead } as const;
    try {
      return await this.#turns.alone(turn, signal, send);
    } catch (error) {
      source.destroy();
      throw error;
    }
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
    return this.#turns.beside(signal, async ({ control }) =>
      unlessEnded(await control.send(verb, argument), verb),
    );
  }
}
