import { randomInt } from 'node:crypto';
import { addAbortListener } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { SocketAddress } from '../protocol/address.ts';
import type { Limit } from './clock.ts';
import { plainAddress } from './peerAddress.ts';

/** Where the next data connection comes from: one that the client opens to us, or one that we open to it. */
export class DataPort {
  #server: Server | undefined;
  #target: SocketAddress | undefined;
  #socket: Socket | undefined;
  #arrived: (() => void) | undefined;

  /** Passive or active was agreed upon. */
  get ready(): boolean {
    return this.#server !== undefined || this.#socket !== undefined || this.#target !== undefined;
  }

  /**
   * S-19: listens on a random port for one connection from the client's address.
   * @throws Error when no port is free.
   */
  async listen(host: string, peer: string, ports: readonly [number, number]): Promise<number> {
    this.close();
    for (const port of candidates(ports)) {
      const server = await listenOn(host, port);
      if (!server) continue;
      this.#server = server;
      server.on('connection', (socket: Socket) => this.#accept(server, socket, peer));
      const address = server.address();
      if (typeof address === 'object' && address !== null) return address.port;
    }
    throw new Error('No port is free for a data connection.');
  }

  /** The next data connection is opened to the client. */
  dial(target: SocketAddress): void {
    this.close();
    this.#target = target;
  }

  /**
   * The data connection; undefined when it was not there in time, before the signal, or not at all. It belongs to the
   * caller.
   * @param from what a connection that is opened to the client comes from; port 0 for any
   */
  async open(from: SocketAddress, limit: Limit, signal: AbortSignal): Promise<Socket | undefined> {
    const target = this.#target;
    const either = endedBy(signal, limit);
    const socket = target ? await dialled(target, from, either) : await this.#accepted(either);
    this.#socket = undefined;
    this.close();
    return socket;
  }

  close(): void {
    this.#server?.close();
    this.#server = undefined;
    this.#target = undefined;
    this.#socket?.destroy();
    this.#socket = undefined;
    this.#arrived?.();
  }

  #accept(server: Server, socket: Socket, peer: string): void {
    // A peer that resets the connection before its use is noticed when it is used.
    socket.on('error', () => {});
    if (plainAddress(socket.remoteAddress) !== peer || this.#server !== server || this.#socket) {
      socket.destroy();
      return;
    }
    server.close();
    this.#server = undefined;
    this.#socket = socket;
    this.#arrived?.();
  }

  async #accepted(limit: Limit): Promise<Socket | undefined> {
    if (this.#socket || !this.#server) return this.#socket;
    let cancel = (): void => {};
    await new Promise<void>((resolve) => {
      this.#arrived = resolve;
      cancel = limit(resolve);
    });
    cancel();
    this.#arrived = undefined;
    return this.#socket;
  }
}

/** The limit, which the signal brings forward. */
function endedBy(signal: AbortSignal, limit: Limit): Limit {
  return (expire) => {
    const listener = addAbortListener(signal, expire);
    const cancel = limit(expire);
    return () => {
      cancel();
      listener[Symbol.dispose]();
    };
  };
}

function dialled(target: SocketAddress, from: SocketAddress, limit: Limit): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host: target.host,
      port: target.port,
      localAddress: from.host,
      ...(from.port === 0 ? {} : { localPort: from.port }),
      allowHalfOpen: true,
      noDelay: true,
    });
    const cancel = limit(() => socket.destroy());
    socket.on('error', () => {});
    socket.once('connect', () => {
      cancel();
      socket.pause();
      resolve(socket);
    });
    socket.once('close', () => {
      cancel();
      resolve(undefined);
    });
  });
}

/** A free port of the range in random order; 0 stands for one that the system chooses. */
function candidates([first, last]: readonly [number, number]): number[] {
  if (first === 0) return [0];
  const count = last - first + 1;
  const start = randomInt(count);
  return Array.from({ length: count }, (_, index) => first + ((start + index) % count));
}

function listenOn(host: string, port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
    server.once('error', () => resolve(undefined));
    server.listen({ host, port, backlog: 1 }, () => resolve(server));
  });
}
