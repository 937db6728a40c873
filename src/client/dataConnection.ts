import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type DataRoute, openRoute } from './dataRoute.ts';
import { DetachableStream } from './detachableStream.ts';
import type { Session } from './session.ts';

/** One data connection: opened in clear, then secured once the transfer command is on its way. C-33 */
export class DataConnection {
  readonly #session: Session;
  readonly #route: DataRoute;
  #socket: Socket | undefined;
  #tls: DetachableStream | undefined;
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
   * @throws FtpsError at step `dataConnect`; at step `dataTls`, `tls` when the handshake fails, `securityRefused` for
   * another certificate
   */
  async start(signal?: AbortSignal): Promise<Duplex> {
    const { tls, protection, deadlines, data } = this.#session;
    const socket = await this.#route.connected(signal);
    this.#socket = socket;
    this.#stream = socket;
    if (!tls || protection === 'C') return socket;
    const stream = new DetachableStream(socket);
    this.#tls = stream;
    const secured = await deadlines.bound(tls.secureData(stream), {
      limit: 'tls',
      step: 'dataTls',
      what: 'an answer to the TLS handshake of the data connection',
      signal,
      giveUp: () => stream.destroy(),
    });
    tls.acceptData(secured);
    if (secured.isSessionReused()) data.resumed += 1;
    else this.#noticeFullHandshake();
    this.#stream = secured;
    return secured;
  }

  /** Whether TLS is up and did not resume the control connection's session. C-25 */
  get isUnresumed(): boolean {
    return this.#isUnresumed;
  }

  /** Whether the peer said close_notify before it closed; in clear nothing tells. C-38 */
  get endedOrderly(): boolean {
    return this.#tls === undefined || this.#tls.records.endedOrderly;
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

  destroy(): void {
    this.#tls?.destroy();
    this.#route.abandon();
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
