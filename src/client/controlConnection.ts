import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { redactCommand } from '../protocol/command.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { printable } from '../protocol/printable.ts';
import { type Reply, ReplyReader } from '../protocol/reply.ts';
import type { ClientLog } from './connectOptions.ts';
import { closedError, keptTls, lossBeforeFirstReply, lossInClear, unsolicited } from './controlLoss.ts';
import type { Deadlines } from './deadline.ts';
import { DetachableStream } from './detachableStream.ts';
import { asFtpsError, FtpsError, lineReason, quoted } from './errors.ts';
import { type CommandOptions, Expectation } from './expectation.ts';
import { ReplyQueue } from './replyQueue.ts';
import { withoutSecret } from './secret.ts';
import { encodeCommand, type TextCodec } from './textCodec.ts';
import type { TlsLayer } from './tlsLayer.ts';
import type { SecureStream } from './tlsPlatform.ts';

export interface ControlContext {
  readonly deadlines: Deadlines;
  readonly log: ClientLog;
  readonly codec: TextCodec;
  readonly oneAtATime?: boolean;
}

/**
 * The control connection: commands out, replies in, matched in order. Commands may be sent without waiting for the
 * replies before them (RFC 959 §5.4 answers them in order); one that is refused does not shift the others.
 */
export class ControlConnection {
  readonly closed: Promise<FtpsError | undefined>;
  /** The peer's IP address: the only one that data connections go to. C-30 */
  readonly remoteAddress: string;
  /** This end's IP address: where the server finds active data connections. C-32 */
  readonly localAddress: string;
  readonly #socket: Socket;
  readonly #context: ControlContext;
  readonly #due: ReplyQueue;
  readonly #onData = (chunk: Buffer): void => this.#receive(chunk);
  readonly #onEnd = (): void => this.#ended();
  readonly #onError = (error: Error): void => this.#broke(error);
  #resolveClosed: (error: FtpsError | undefined) => void = () => {};
  #reader: ReplyReader;
  #stream: Duplex;
  #tls: DetachableStream | undefined;
  #secured: SecureStream | undefined;
  #heardInTls = false;
  #attached = false;
  #quitting: Promise<void> | undefined;
  #failure: FtpsError | undefined;

  /** @param socket a connected TCP socket, from which nothing has been read yet. */
  constructor(socket: Socket, context: ControlContext) {
    this.remoteAddress = socket.remoteAddress ?? '';
    this.localAddress = socket.localAddress ?? '';
    this.#socket = socket;
    this.#stream = socket;
    this.#context = context;
    this.#due = new ReplyQueue(context.oneAtATime);
    this.#reader = new ReplyReader(context.codec.decode);
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    socket.on('error', () => {});
  }

  get isOpen(): boolean {
    return this.#failure === undefined && this.#quitting === undefined;
  }

  /** What TLS came to; undefined in clear. */
  tlsInfo(): { tlsVersion: string | undefined; cipher: string | undefined } {
    const secured = this.#secured;
    return { tlsVersion: secured?.getProtocol() ?? undefined, cipher: secured?.getCipher()?.name };
  }

  /** Whether what is said now travels in TLS. */
  get isSecured(): boolean {
    return this.#secured !== undefined;
  }

  /** Whether data moves: the preliminary reply to a transfer is in, and its final one is due. */
  get isTransferring(): boolean {
    return this.#due.head?.isAnnounced === true;
  }

  /** Awaits the greeting (RFC 959 §5.4), past a 120 that announces it. */
  greeting(options: Pick<CommandOptions, 'silentAfter'> = {}): Promise<Reply> {
    return this.#expect('the greeting', { step: 'greeting', limit: 'greeting', ...options }).final;
  }

  /** Sends a command and answers its final reply, whatever its code. @throws FtpsError */
  async send(verb: string, argument?: string, options: CommandOptions = {}): Promise<Reply> {
    return this.begin(verb, argument, options).final;
  }

  /** Sends a command whose preliminary reply matters too: a transfer. */
  begin(verb: string, argument?: string, options: CommandOptions = {}): Expectation {
    const bytes = encodeCommand(verb, argument, this.#context.codec);
    return this.#expect(`the reply to ${verb}`, options, () => {
      this.#context.log.trace(`> ${redactCommand(argument === undefined ? verb : `${verb} ${argument}`)}`);
      this.#stream.write(bytes);
    });
  }

  /** What `say` says leaves in one piece: one TLS record. */
  inOnePiece<T>(say: () => T): T {
    this.#stream.cork();
    try {
      return say();
    } finally {
      this.#stream.uncork();
    }
  }

  /** @throws FtpsError `invalidArgument` where `begin` would; for commands that only make sense together. C-47 */
  check(verb: string, argument: string): void {
    encodeCommand(verb, argument, this.#context.codec);
  }

  /** Settles once every reply that is due now has come, or never will. */
  quiet(): Promise<void> {
    return this.#due.quiet();
  }

  /** Puts TLS on the connection; the certificate is not judged yet. */
  async secure(layer: TlsLayer, signal?: AbortSignal): Promise<SecureStream> {
    if (this.#failure) throw this.#failure;
    const stream = new DetachableStream(this.#socket);
    const socket = await this.#context.deadlines.bound(layer.secureControl(stream), {
      limit: 'tls',
      step: 'tls',
      what: 'an answer to the TLS handshake',
      signal,
      giveUp: () => stream.destroy(),
    });
    this.#tls = stream;
    this.#stream = socket;
    this.#secured = socket;
    this.#heardInTls = false;
    this.#reader = new ReplyReader(this.#context.codec.decode);
    return socket;
  }

  /**
   * Takes TLS off again, after a reply that ends it (CCC, REIN): close_notify both ways, then clear text.
   * @param end `none` drops TLS without a word, for a server that does the same
   */
  async unsecure(end: 'closeNotify' | 'none' = 'closeNotify', signal?: AbortSignal): Promise<void> {
    const stream = this.#tls;
    if (!stream) return;
    this.#detach();
    if (end === 'closeNotify') {
      await this.#context.deadlines.bound(stream.letGo(this.#stream), {
        limit: 'close',
        step: 'close',
        what: 'the end of TLS',
        signal,
        giveUp: () => this.destroy(keptTls()),
      });
    }
    const behind = stream.detach();
    this.#tls = undefined;
    this.#secured = undefined;
    this.#stream = this.#socket;
    this.#reader = new ReplyReader(this.#context.codec.decode);
    if (behind.length > 0) this.#socket.unshift(behind);
  }

  /** QUIT, a bounded wait for its reply, then an orderly end of TLS and TCP. C-57 */
  quit(): Promise<void> {
    if (this.#failure) return Promise.resolve();
    this.#quitting ??= this.#takeLeave(this.send('QUIT', undefined, { limit: 'close', step: 'close' }));
    return this.#quitting;
  }

  async #takeLeave(answered: Promise<Reply>): Promise<void> {
    await answered.catch(() => undefined);
    if (this.#failure) return;
    const stream = this.#stream;
    const over = new Promise<void>((resolve) => {
      if (stream.closed) resolve();
      else stream.once('close', resolve);
    });
    stream.end();
    const giveUp = (): void => this.destroy();
    await this.#context.deadlines
      .bound(over, { limit: 'close', step: 'close', what: 'the end of the connection', giveUp })
      .catch(() => undefined);
    this.destroy();
  }

  /** Drops the connection at once; whoever still awaits a reply learns `reason`. */
  destroy(reason?: FtpsError): void {
    this.#fail(reason ?? closedError(), reason === undefined);
  }

  #expect(what: string, options: CommandOptions, say = (): void => {}): Expectation {
    const expectation = new Expectation({
      ...options,
      what,
      deadlines: this.#context.deadlines,
      onTimeout: (error) => this.#fail(error),
    });
    const failure = this.#failure ?? (this.#quitting ? closedError() : undefined);
    if (failure) {
      expectation.fail(failure);
      return expectation;
    }
    this.listen();
    this.#due.add(expectation, say);
    return expectation;
  }

  /** Begins with the first reply that is awaited, so that none can arrive unasked while TLS is about to begin. C-12 */
  listen(): void {
    if (this.#attached) return;
    this.#attached = true;
    this.#stream.on('data', this.#onData).on('end', this.#onEnd).on('close', this.#onEnd);
    this.#stream.on('error', this.#onError).resume();
  }

  #detach(): void {
    this.#attached = false;
    this.#stream.pause();
    this.#stream.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onEnd);
    this.#stream.off('error', this.#onError);
  }

  #receive(chunk: Buffer): void {
    try {
      for (const reply of this.#reader.push(chunk)) this.#accept(reply);
      if (this.#reader.failure) throw this.#reader.failure;
      // C-12: half a reply behind the one that starts TLS is as bad as a whole one.
      if (!this.#attached && this.#reader.midReply) {
        throw new ProtocolError('text follows the reply that starts TLS');
      }
    } catch (error) {
      this.#fail(asFtpsError(error, this.#due.head?.step ?? 'command', 'a reply was read'));
    }
  }

  #accept(received: Reply): void {
    const { head } = this.#due;
    const reply = withoutSecret(received, head?.secret);
    this.#context.log.trace(printable(`< ${reply.code} ${reply.lines.join(' | ')}`));
    this.#heardInTls = true;
    if (this.#failure) return;
    if (!head || !this.#attached) {
      this.#fail(unsolicited(reply));
    } else if (reply.code < 200) {
      head.onPreliminary(reply);
    } else {
      if (head.silentAfter?.(reply)) this.#detach();
      this.#due.settle(reply);
      if (reply.code === 421) this.#lost(`the server ended the session (${quoted(reply)})`, { reply });
    }
  }

  #ended(): void {
    try {
      this.#reader.end();
    } catch (error) {
      // C-52: half a reply is a broken promise, not an end.
      return this.#fail(asFtpsError(error, this.#due.head?.step ?? 'command', 'a reply was read'));
    }
    this.#lost('the server closed the connection');
  }

  #broke(error: Error): void {
    const stray = this.#tls?.records.strayText ?? '';
    if (stray !== '') this.#fail(lossInClear(stray, this.#due.head?.step ?? 'command'));
    else this.#lost(lineReason(error), { cause: error });
  }

  #lost(reason: string, details: { readonly cause?: Error; readonly reply?: Reply } = {}): void {
    const awaited = this.#due.head;
    if (this.#secured && !this.#heardInTls && !this.#quitting) {
      this.#fail(lossBeforeFirstReply(reason, details.cause));
      return;
    }
    const where = awaited ? ` before ${awaited.what} came` : '';
    const step = awaited?.step ?? 'command';
    const message = `The control connection was lost${where}: ${reason}.`;
    const error = new FtpsError('closed', step, message, details);
    // While quitting, the peer's end is what we wait for; quit says close_notify before it lets go.
    if (this.#quitting) this.#due.failAll(error);
    else this.#fail(error);
  }

  #fail(error: FtpsError, orderly = false): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#context.log.debug(`control connection over: ${error.message}`);
    this.#due.failAll(error);
    this.#stream.destroy();
    this.#socket.destroy();
    this.#resolveClosed(orderly ? undefined : error);
  }
}
