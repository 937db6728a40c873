import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { printable } from '../protocol/printable.ts';
import { ClientTrust } from './clientCertificates.ts';
import { systemClock } from './clock.ts';
import { commandTable } from './commands/commandTable.ts';
import { ControlChannel } from './controlChannel.ts';
import { Faults } from './faults/faults.ts';
import { Folder } from './folder.ts';
import { defaultLimits, type ServerOptions, settingsOf, standardPorts } from './serverOptions.ts';
import { Session, type SessionSurroundings } from './session.ts';
import { createIdentity } from './tlsIdentity.ts';

/** Clients without room that are told so at the same time; further ones are cut off. */
const MOST_TURNED_AWAY = 16;

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

  /**
   * Resolves when clients can connect.
   * @throws Error when the port is taken, the root is not there, or the certificate does not fit its key.
   */
  static async listen(wanted: ServerOptions): Promise<FtpsServer> {
    const faults = await Faults.of(wanted.faults);
    const options = faults.options(wanted);
    const { clientCertificates, security, port = 0, log = () => {} } = options;
    const surroundings: SessionSurroundings = {
      settings: settingsOf(options),
      limits: { ...defaultLimits, ...options.limits },
      folder: await Folder.open(options.root),
      commands: faults.commands(commandTable),
      tls: {
        key: options.certificate.key,
        cert: options.certificate.cert,
        minVersion: options.minVersion ?? 'TLSv1.2',
        ...(options.maxVersion ? { maxVersion: options.maxVersion } : {}),
        ...(clientCertificates ? { ca: [...clientCertificates.authorities] } : {}),
        asksForCertificate: clientCertificates !== undefined,
        // Without one, sessions in which a client showed its certificate would not resume.
        sessionIdContext: 'ftps',
      },
      clients: new ClientTrust(clientCertificates),
      faults,
      clock: options.clock ?? systemClock,
      // What a client sends shows up in replies, and must not steer the terminal that the log is read in.
      log: (line) => log(printable(line)),
    };
    createIdentity(surroundings.tls);
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    // S-28
    const number = port === 'standard' ? standardPorts[security].control : port;
    server.listen({ host: options.host ?? '127.0.0.1', port: number });
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
    const channel = new ControlChannel(socket, this.#surroundings.limits.lineBytes);
    const sessions = [...this.#sessions.keys()];
    const served = sessions.filter((session) => session.turnedAway === undefined);
    const refusal = this.#refusal(channel.remoteAddress, served);
    // S-22: to be turned away takes time as well, on implicit that of a handshake.
    if (refusal !== undefined && sessions.length - served.length >= MOST_TURNED_AWAY) {
      channel.destroy();
      return;
    }
    const session = new Session(channel, this.#surroundings, refusal);
    const ended = session.run().finally(() => this.#sessions.delete(session));
    this.#sessions.set(session, ended);
  }

  /** S-22: why there is no room for one more client. */
  #refusal(address: string, served: readonly Session[]): string | undefined {
    const { limits } = this.#surroundings;
    const sameAddress = served.filter((session) => session.channel.remoteAddress === address);
    const beforeLogin = served.filter((session) => !session.state.loggedIn);
    if (served.length >= limits.sessions) return 'Too many sessions; try again later.';
    if (sameAddress.length >= limits.sessionsPerAddress) return 'Too many sessions from your address.';
    if (beforeLogin.length >= limits.sessionsBeforeLogin) return 'Too many sessions without a login.';
    return undefined;
  }
}
