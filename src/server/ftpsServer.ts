import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { systemClock } from './clock.ts';
import { commandTable } from './commands/commandTable.ts';
import { ControlChannel } from './controlChannel.ts';
import { Folder } from './folder.ts';
import { defaultLimits, type ServerOptions, settingsOf } from './serverOptions.ts';
import { Session, type SessionSurroundings } from './session.ts';

/** One session, as an onlooker sees it. */
export interface SessionView {
  readonly user: string | undefined;
  readonly secured: boolean;
  readonly protection: 'C' | 'P';
  /** Data connections under TLS so far, and how many of them resumed the session's TLS. */
  readonly dataConnections: number;
  readonly resumed: number;
}

/** A server in the role of [MS-FTPS] 3.2: explicit or implicit FTPS for the files of one folder. */
export class FtpsServer implements AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly #server: Server;
  readonly #surroundings: SessionSurroundings;
  readonly #sessions = new Map<Session, Promise<void>>();

  private constructor(server: Server, surroundings: SessionSurroundings) {
    this.#server = server;
    this.#surroundings = surroundings;
    const address = server.address();
    this.host = typeof address === 'object' && address !== null ? address.address : '';
    this.port = typeof address === 'object' && address !== null ? address.port : 0;
    server.on('connection', (socket: Socket) => this.#serve(socket));
  }

  /** Resolves when clients can connect. @throws Error when the port is taken or the root is not there. */
  static async listen(options: ServerOptions): Promise<FtpsServer> {
    const surroundings: SessionSurroundings = {
      settings: settingsOf(options),
      limits: { ...defaultLimits, ...options.limits },
      folder: await Folder.open(options.root),
      commands: commandTable,
      tls: {
        key: options.certificate.key,
        cert: options.certificate.cert,
        minVersion: options.minVersion ?? 'TLSv1.2',
        ...(options.maxVersion ? { maxVersion: options.maxVersion } : {}),
      },
      clock: options.clock ?? systemClock,
      log: options.log ?? (() => {}),
    };
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    server.listen({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 });
    await once(server, 'listening');
    return new FtpsServer(server, surroundings);
  }

  get sessions(): readonly SessionView[] {
    return [...this.#sessions.keys()].map((session) => ({
      user: session.state.loggedIn ? session.state.user : undefined,
      secured: session.channel.secured,
      protection: session.state.protection,
      dataConnections: session.dataConnections,
      resumed: session.resumed,
    }));
  }

  /** Ends every session at once, and listens no more. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    for (const session of this.#sessions.keys()) session.channel.destroy();
    await Promise.all(this.#sessions.values());
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #serve(socket: Socket): void {
    const { limits } = this.#surroundings;
    const session = new Session(new ControlChannel(socket, limits.lineBytes), this.#surroundings);
    const busy = this.#sessions.size >= limits.sessions;
    const ended = session.run(busy).finally(() => this.#sessions.delete(session));
    this.#sessions.set(session, ended);
  }
}
