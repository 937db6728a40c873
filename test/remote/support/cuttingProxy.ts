import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Channel = 'control' | 'data';
export type Direction = 'toServer' | 'toClient';

export interface Cut {
  readonly channel: Channel;
  readonly direction: Direction;
  /** Bytes that still pass. */
  readonly after: number;
  /** How the connection ends: with FIN in order, or with RST. */
  readonly how: 'end' | 'reset';
  /** Which connections end; with `everything`, no new ones are let through either. */
  readonly ends: 'this' | 'everything';
}

const proxyHost = '127.0.0.2';

/**
 * Stands between client and server on both connections, under an address of its own and the server's port numbers, and
 * cuts after an exact number of bytes. The dialogue is encrypted, so the server tells its true passive ports, which the
 * client dials at the proxy's address (C-30).
 */
export class CuttingProxy implements AsyncDisposable {
  readonly host = proxyHost;
  readonly #listeners: Server[] = [];
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #passed = new Map<string, number>();
  #cut: Cut | undefined;
  #isDown = false;

  /** @param port of the server's control connection */
  static async start(port: number, passivePorts: readonly [number, number]): Promise<CuttingProxy> {
    const proxy = new CuttingProxy();
    await proxy.#listen(port, 'control');
    for (let data = passivePorts[0]; data <= passivePorts[1]; data++) await proxy.#listen(data, 'data');
    return proxy;
  }

  /** Counts from here; cuts once. */
  arm(cut: Cut | undefined): void {
    this.#passed.clear();
    this.#isDown = false;
    this.#cut = cut;
  }

  /** Bytes that passed since the last `arm`. */
  passed(channel: Channel, direction: Direction): number {
    return this.#passed.get(channel + direction) ?? 0;
  }

  /** Whether the armed cut has happened. */
  get hasCut(): boolean {
    return this.#cut === undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    await Promise.all(
      this.#listeners.map((listener) => {
        listener.close();
        return once(listener, 'close');
      }),
    );
  }

  async #listen(port: number, channel: Channel): Promise<void> {
    const listener = createServer({ allowHalfOpen: true }, (client) => {
      if (this.#isDown) {
        client.resetAndDestroy();
        return;
      }
      const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      const pair = [client, server] as const;
      this.#pairs.add(pair);
      for (const socket of pair) {
        socket.setNoDelay(true);
        socket.on('error', () => {});
        socket.on('close', () => this.#pairs.delete(pair));
      }
      this.#join(client, server, channel, 'toServer', pair);
      this.#join(server, client, channel, 'toClient', pair);
    });
    listener.listen(port, proxyHost);
    await once(listener, 'listening');
    this.#listeners.push(listener);
  }

  #join(
    from: Socket,
    to: Socket,
    channel: Channel,
    direction: Direction,
    pair: readonly [Socket, Socket],
  ): void {
    from.on('data', (chunk: Buffer) => {
      const key = channel + direction;
      const before = this.#passed.get(key) ?? 0;
      const cut = this.#cut;
      const applies = cut?.channel === channel && cut.direction === direction;
      if (applies && before + chunk.length > cut.after) {
        to.write(chunk.subarray(0, cut.after - before), () => this.#sever(cut, pair));
        from.removeAllListeners('data');
        return;
      }
      this.#passed.set(key, before + chunk.length);
      to.write(chunk);
    });
    from.on('end', () => to.end());
    from.on('close', () => to.destroySoon());
  }

  #sever(cut: Cut, pair: readonly [Socket, Socket]): void {
    this.#cut = undefined;
    this.#isDown = cut.ends === 'everything';
    const pairs = this.#isDown ? [...this.#pairs] : [pair];
    for (const socket of pairs.flat()) {
      if (cut.how === 'reset') socket.resetAndDestroy();
      else socket.destroySoon();
    }
  }
}
