import { createServer, isIPv6, type Server, type Socket } from 'node:net';
import { formatEprt, formatPort, type SocketAddress } from '../protocol/address.ts';
import { replyClass } from '../protocol/reply.ts';
import type { DataRoute } from './dataRoute.ts';
import { aborted, asFtpsError, lineReason, refusal } from './errors.ts';
import { levelRefusal } from './levelRefusal.ts';
import type { Session } from './session.ts';

const step = 'dataConnect';

/**
 * Listens on the address of the control connection, and tells the server so by PORT, or EPRT under IPv6. It listens
 * before it speaks: some servers connect at once. C-32
 * @throws FtpsError at step `dataConnect`
 */
export async function openActive(session: Session, signal?: AbortSignal): Promise<DataRoute> {
  const { control, options } = session;
  const listener = new PeerListener(session);
  try {
    const port = await listener.listen(control.localAddress);
    if (signal?.aborted) throw aborted(step, signal);
    await announce(session, { host: options.activeAddress ?? control.localAddress, port });
    if (signal?.aborted) throw aborted(step, signal);
    return listener;
  } catch (error) {
    listener.abandon();
    throw error;
  }
}

async function announce(session: Session, address: SocketAddress): Promise<void> {
  const [verb, argument] = isIPv6(address.host)
    ? (['EPRT', formatEprt(address)] as const)
    : (['PORT', formatPort(address)] as const);
  const reply = await session.control.send(verb, argument, { step });
  if (replyClass(reply.code) === 'completion') return;
  throw levelRefusal(session, reply) ?? refusal(step, `an active data connection (${verb})`, reply);
}

/** Takes one connection, from the address of the control connection and no other. RFC 2577 §3, C-32 */
class PeerListener implements DataRoute {
  readonly #session: Session;
  readonly #server: Server;
  readonly #peer: Promise<Socket>;
  #socket: Socket | undefined;

  constructor(session: Session) {
    this.#session = session;
    this.#server = createServer({ allowHalfOpen: true, noDelay: true });
    // An error that nobody listens for would end the process; the next connection may well be accepted.
    this.#server.on('error', (error) => {
      session.log.debug(`while a data connection was awaited: ${lineReason(error)}`);
    });
    this.#peer = new Promise((resolve) => {
      this.#server.on('connection', (socket) => {
        socket.on('error', () => {});
        if (socket.remoteAddress !== session.control.remoteAddress) {
          session.log.warn(`A data connection from ${socket.remoteAddress ?? 'nowhere'} was dropped.`);
          socket.destroy();
          return;
        }
        this.#socket = socket;
        this.#server.close();
        resolve(socket);
      });
    });
  }

  /** @returns the port */
  listen(host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) => reject(asFtpsError(error, step, `listening on ${host}`)));
      this.#server.listen(0, host, 1, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
      });
    });
  }

  connected(signal?: AbortSignal): Promise<Socket> {
    return this.#session.deadlines.bound(this.#peer, {
      limit: 'dataConnect',
      step,
      what: 'the data connection that the server opens',
      hint: 'This computer may lie behind a firewall or NAT: with "dataMode": "passive" in the profile the server is the one that is reached.',
      signal,
      giveUp: () => this.abandon(),
    });
  }

  abandon(): void {
    this.#server.close();
    this.#socket?.destroy();
  }
}
