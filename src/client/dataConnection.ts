import { connect, isIPv6, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { parseEpsv, parsePasv } from '../protocol/address.ts';
import type { Reply } from '../protocol/reply.ts';
import { DetachableStream } from './detachableStream.ts';
import { aborted, FtpsError, lineReason, quoted, refusal } from './errors.ts';
import { levelRefusal } from './levelRefusal.ts';
import type { Session } from './session.ts';

/** Replies by which a server says that it has no EPSV, or none for this family. RFC 2428 §3, C-31 */
const noExtendedPassive: ReadonlySet<number> = new Set([500, 501, 502, 522, 550]);

/** One passive data connection: opened in clear, then secured once the transfer command is on its way. C-33 */
export class DataConnection {
  readonly #session: Session;
  readonly #socket: Socket;
  #tls: DetachableStream | undefined;
  #stream: Duplex;

  private constructor(session: Session, socket: Socket) {
    this.#session = session;
    this.#socket = socket;
    this.#stream = socket;
  }

  /** Asks for a port and connects to it. @throws FtpsError at step `dataConnect` */
  static async open(session: Session, signal?: AbortSignal): Promise<DataConnection> {
    const port = await passivePort(session);
    if (signal?.aborted) throw aborted('dataConnect', signal);
    // C-30: only the port is the server's to choose; the address is the control connection's.
    const host = session.control.remoteAddress;
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    const connected = new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) => reject(connectError(error, host, port)));
    });
    socket.on('error', () => {});
    await session.deadlines.bound(connected, {
      limit: 'dataConnect',
      step: 'dataConnect',
      what: `a data connection to ${host}:${port}`,
      signal,
      giveUp: () => socket.destroy(),
    });
    session.data.opened += 1;
    return new DataConnection(session, socket);
  }

  /**
   * The stream to move bytes on: under TLS at level P, else the socket itself.
   * @throws FtpsError at step `dataTls`: `tls` when the handshake fails, `securityRefused` for another certificate
   */
  async start(signal?: AbortSignal): Promise<Duplex> {
    const { tls, protection, deadlines, data } = this.#session;
    if (!tls || protection === 'C') return this.#socket;
    const stream = new DetachableStream(this.#socket);
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
    this.#stream = secured;
    return secured;
  }

  /** Whether the peer said close_notify before it closed; in clear nothing tells. C-38 */
  get endedOrderly(): boolean {
    return this.#tls === undefined || this.#tls.records.endedOrderly;
  }

  /** Settles once the peer has said all it has to say. */
  get peerEnded(): Promise<void> {
    const stream = this.#stream;
    return new Promise((resolve) => {
      if (stream.readableEnded || stream.closed) resolve();
      else stream.once('end', resolve).once('close', resolve);
    });
  }

  /** Lets a connection go on which all is said: it closes by itself, or is dropped when the peer never does. */
  leave(): void {
    if (this.#socket.closed) return;
    const cancel = this.#session.deadlines.start('close', 'close', 'the end of a data connection', () =>
      this.destroy(),
    );
    this.#socket.once('close', cancel);
  }

  destroy(): void {
    this.#tls?.destroy();
    this.#socket.destroy();
  }
}

async function passivePort(session: Session): Promise<number> {
  const { control, data } = session;
  const step = 'dataConnect';
  if (data.extendedPassive) {
    const reply = await control.send('EPSV', undefined, { step });
    if (reply.code === 229) return parsed(reply, () => parseEpsv(reply.lines[0] ?? ''));
    const fallback = noExtendedPassive.has(reply.code) && !isIPv6(control.remoteAddress);
    if (!fallback) throw passiveRefusal(session, reply);
    data.extendedPassive = false;
  }
  const reply = await control.send('PASV', undefined, { step });
  if (reply.code !== 227) throw passiveRefusal(session, reply);
  return parsed(reply, () => parsePasv(reply.lines[0] ?? '').port);
}

function passiveRefusal(session: Session, reply: Reply): FtpsError {
  return levelRefusal(session, reply) ?? refusal('dataConnect', 'a data connection', reply);
}

function parsed(reply: Reply, parse: () => number): number {
  try {
    return parse();
  } catch (error) {
    const message = `The server named no usable data port: ${quoted(reply)}.`;
    throw new FtpsError('protocol', 'dataConnect', message, { reply, cause: error });
  }
}

function connectError(error: Error, host: string, port: number): FtpsError {
  const message = `The data connection to ${host}:${port} failed: ${lineReason(error)}. The server's passive port range may be closed in a firewall.`;
  return new FtpsError('dataConnection', 'dataConnect', message, { cause: error });
}
