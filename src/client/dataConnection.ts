import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type DataRoute, openRoute } from './dataRoute.ts';
import { RecordStream } from './recordStream.ts';
import type { Session } from './session.ts';
import type { TlsRecords } from './tlsRecords.ts';

/** One data connection: opened in clear, then secured once the transfer command is on its way. C-33 */
export class DataConnection {
  readonly #session: Session;
  readonly #route: DataRoute;
  #socket: Socket | undefined;
  #records: TlsRecords | undefined;
  #stream: Duplex | undefined;
  #isUnresumed = false;

  private constructor(session: Session, route: DataRoute) {
    this.#session = session;
    this.#route = route;
  }

  /** Agrees on the way of it, passive or active. @throws FtpsError at step `dataConnect` */
  static async open(session: Session, signal?: AbortSignal): Promise<DataConnection> {
    const route = await openRoute(session, signal);
    session.data.opened += 1;
    return new DataConnection(session, route);
  }

  /**
   * The stream to move bytes on: under TLS at level P, else the socket itself. This end is the TLS client in either
   * mode. C-26
   * @param use what it is for: TLS that is written to sits on the socket itself, since nothing is to be told of how the
   * server's side of it ends
   * @throws FtpsError at step `dataConnect`; at step `dataTls`, `tls` when the handshake fails, `securityRefused` for
   * another certificate
   */
  async start(use: 'reading' | 'writing', signal?: AbortSignal): Promise<Duplex> {
    const { tls, protection, deadlines, data } = this.#session;
    const socket = await this.#route.connected(signal);
    this.#socket = socket;
    this.#stream = socket;
    if (!tls || protection === 'C') return socket;
    const carrier = use === 'reading' ? new RecordStream(socket) : socket;
    if (carrier instanceof RecordStream) this.#records = carrier.records;
    const secured = await deadlines.bound(tls.secureData(carrier), {
      limit: 'tls',
      step: 'dataTls',
      what: 'an answer to the TLS handshake of the data connection',
      signal,
      giveUp: () => carrier.destroy(),
    });
    tls.acceptData(secured);
    if (secured.isSessionReused()) data.resumed += 1;
    else this.#noticeFullHandshake();
    this.#stream = secured;
    return secured;
  }

  /** Whether TLS is to come on it. */
  get isToBeSecured(): boolean {
    const { tls, protection } = this.#session;
    return tls !== undefined && protection === 'P';
  }

  /** Whether TLS is up. */
  get isSecured(): boolean {
    return this.#stream !== undefined && this.#stream !== this.#socket;
  }

  /** Whether it was opened before it was needed. */
  get isPrepared(): boolean {
    return this.#route.isPrepared === true;
  }

  /** Whether TLS is up and did not resume the control connection's session. C-25 */
  get isUnresumed(): boolean {
    return this.#isUnresumed;
  }

  /** Whether the peer said close_notify before it closed; in clear nothing tells. C-38 */
  get endedOrderly(): boolean {
    return this.#records === undefined || this.#records.endedOrderly;
  }

  /** Settles once the peer has said all it has to say. */
  get peerEnded(): Promise<void> {
    const stream = this.#stream;
    return new Promise((resolve) => {
      if (!stream || stream.readableEnded || stream.closed) resolve();
      else stream.once('end', resolve).once('close', resolve);
    });
  }

  /** Lets a connection go on which all is said: it closes by itself, or is dropped when the peer never does. */
  leave(): void {
    const socket = this.#socket;
    if (!socket || socket.closed) return;
    const cancel = this.#session.deadlines.start('close', 'close', 'the end of a data connection', () =>
      this.destroy(),
    );
    socket.once('close', cancel);
  }

  /** @param reason what the transfer has failed with, if it has */
  destroy(reason?: unknown): void {
    // TLS first: were its socket gone before it, Node would free it at once, be it in use or not.
    this.#stream?.destroy();
    this.#route.abandon(reason);
  }

  #noticeFullHandshake(): void {
    const { data, log, control } = this.#session;
    this.#isUnresumed = true;
    data.unresumed += 1;
    if (data.unresumed > 1) return;
    const version = control.tlsInfo().tlsVersion ?? 'TLS';
    log.warn(`A data connection did not resume the ${version} session of the control connection.`);
  }
}
