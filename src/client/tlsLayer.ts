import { isIP } from 'node:net';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { certificateProblem, checkNames, describeProblem, sameFingerprint } from './certificate.ts';
import type { ConnectOptions } from './connectOptions.ts';
import type { DetachableStream } from './detachableStream.ts';
import { FtpsError, lineReason } from './errors.ts';
import { TlsSessions } from './tlsSessions.ts';

/** Node's SecureContext has had this since its first version; its types do not tell. */
interface NativeContext {
  addCACert?(pem: string): void;
}

/**
 * TLS as one session uses it: one identity, one set of bounds and one store of tickets for the control connection and
 * all its data connections. C-23, C-25, C-29
 */
export class TlsLayer {
  readonly #host: string;
  readonly #servername: string | undefined;
  readonly #pin: string | undefined;
  readonly #context: SecureContext;
  readonly #sessions = new TlsSessions();
  /** SHA-256 of the control connection's leaf certificate, once it is accepted. */
  #fingerprint: string | undefined;

  constructor(options: ConnectOptions) {
    const tls = options.tls ?? {};
    this.#host = options.host;
    const name = tls.servername ?? options.host;
    this.#servername = isIP(name) === 0 ? name : undefined;
    this.#pin = tls.pinnedFingerprint;
    this.#context = createSecureContext({
      minVersion: tls.minVersion ?? 'TLSv1.2',
      ...(tls.maxVersion ? { maxVersion: tls.maxVersion } : {}),
    });
    // Added, not put in their place: the default store carries the system's and, in VS Code, the company's authorities.
    const native: NativeContext = this.#context.context;
    for (const pem of tls.ca ?? []) native.addCACert?.(pem);
  }

  get fingerprint(): string | undefined {
    return this.#fingerprint;
  }

  /** Starts TLS on the control connection. @throws FtpsError `tls`. The certificate is judged by `acceptControl`. */
  secureControl(stream: DetachableStream): Promise<TLSSocket> {
    return this.#handshake(stream, 'control');
  }

  /** C-22: @throws FtpsError `certificate`, with the report a person decides on. */
  acceptControl(socket: TLSSocket): void {
    const report = certificateProblem(socket, this.#pin);
    if (report) {
      const reason = describeProblem(report, this.#servername ?? this.#host);
      const message = `The certificate of ${this.#host} is not trusted: ${reason}. Nothing was sent. Trust it only if its SHA-256 fingerprint is the one the server's operator gives: ${report.fingerprint}`;
      throw new FtpsError('certificate', 'certificate', message, { certificate: report });
    }
    this.#fingerprint = socket.getPeerCertificate().fingerprint256;
    // Under TLS 1.2 the session is complete with the handshake, even where no ticket event tells of it.
    const session = socket.getProtocol() === 'TLSv1.2' ? socket.getSession() : undefined;
    if (session && this.#sessions.isEmpty) this.#sessions.learn(session, 'control');
  }

  /** Starts TLS on a data connection, offering a session of the control connection. C-25, C-26 */
  secureData(stream: DetachableStream): Promise<TLSSocket> {
    return this.#handshake(stream, 'data');
  }

  /**
   * C-23: a resumed session is bound to the control connection's; a full handshake must show the same certificate.
   * @throws FtpsError `securityRefused`
   */
  acceptData(socket: TLSSocket): void {
    if (socket.isSessionReused()) return;
    const seen = socket.getPeerCertificate().fingerprint256;
    if (this.#fingerprint !== undefined && sameFingerprint(seen, this.#fingerprint)) return;
    throw new FtpsError(
      'securityRefused',
      'dataTls',
      `The data connection showed another certificate (${seen}) than the control connection (${this.#fingerprint}); somebody may be in between. Nothing was transferred. Do not go on before the server's operator has explained it.`,
    );
  }

  #handshake(stream: DetachableStream, origin: 'control' | 'data'): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const session = origin === 'data' ? this.#sessions.next() : undefined;
      // The identity is the same on both connections: Node binds sessions to servername and host.
      const socket = connect({
        socket: stream,
        host: this.#host,
        ...(this.#servername === undefined ? {} : { servername: this.#servername }),
        secureContext: this.#context,
        // Judged by hand in acceptControl, so that the session can still be ended in good order. C-21
        rejectUnauthorized: false,
        checkServerIdentity: checkNames,
        ...(session ? { session } : {}),
      });
      // Attached before anything can arrive: a late listener hears of no ticket.
      socket.on('session', (ticket: Buffer) => this.#sessions.learn(ticket, origin));
      // A connection that dies later reports it by its end; an error nobody listens for would end the process.
      socket.on('error', () => {});
      const fail = (error?: Error): void => {
        stream.destroy();
        const reason = handshakeFailure(stream, error);
        const step = origin === 'control' ? 'tls' : 'dataTls';
        reject(new FtpsError('tls', step, handshakeMessage(origin, reason), { cause: error }));
      };
      const onClose = (): void => fail();
      socket.once('error', fail).once('close', onClose).once('end', onClose);
      socket.once('secureConnect', () => {
        socket.off('error', fail).off('close', onClose).off('end', onClose);
        resolve(socket);
      });
    });
  }
}

function handshakeFailure(stream: DetachableStream, error: Error | undefined): string {
  // C-55: what OpenSSL calls a wrong version number is most often a reply in clear.
  if (stream.records.looksClear) return 'the server answered in clear text';
  return error ? lineReason(error) : 'the connection was closed during the handshake';
}

function handshakeMessage(origin: 'control' | 'data', reason: string): string {
  return origin === 'control'
    ? `The TLS handshake failed: ${reason}. Check port and security: "implicit" servers speak TLS at once, "explicit" ones after AUTH.`
    : `The TLS handshake of the data connection failed: ${reason}.`;
}
