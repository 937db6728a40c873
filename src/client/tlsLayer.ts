import { isIP, type Socket } from 'node:net';
import { certificateProblem, describeProblem, sameFingerprint } from './certificate.ts';
import type { ClientCertificate, ConnectOptions } from './connectOptions.ts';
import { FtpsError, lineReason, reasonOf } from './errors.ts';
import { adviceFor } from './quirks.ts';
import { RecordStream } from './recordStream.ts';
import type { ServerTraits } from './serverTraits.ts';
import {
  checkNames,
  chosenGroup,
  completeSession,
  connectTls,
  type ContextOptions,
  createContext,
  type KeyExchangeGroup,
  type SecureContext,
  type SecureStream,
} from './tlsPlatform.ts';
import { TlsSessions } from './tlsSessions.ts';

/** What TLS is put on: the socket itself, or what tells more of the bytes on it. */
export type TlsCarrier = Socket | RecordStream;

/**
 * TLS as one session uses it: one identity, one set of bounds and one store of tickets for the control connection and
 * all its data connections. C-23, C-25, C-29
 */
export class TlsLayer {
  readonly #host: string;
  readonly #servername: string | undefined;
  readonly #pin: string | undefined;
  readonly #isImplicit: boolean;
  readonly #mayUseTls12: boolean;
  readonly #traits: ServerTraits;
  readonly #openContext: (bounds: Pick<ContextOptions, 'firstGroup'>) => SecureContext;
  #context: SecureContext;
  #preferred: ServerTraits['keyExchangeGroup'];
  /** Of the control connection's key exchange. */
  #group: KeyExchangeGroup | undefined;
  #leanContext: SecureContext | undefined;
  #sessions = new TlsSessions();
  /** Tickets of data connections that are not accepted yet: those of somebody in between are never offered. C-23 */
  readonly #unjudged = new WeakMap<SecureStream, Buffer[]>();
  #version: string | undefined;
  /** SHA-256 of the control connection's leaf certificate, once it is accepted. */
  #fingerprint: string | undefined;

  /** @param traits what is known of the server; what its TLS shows is noted there */
  constructor(options: ConnectOptions, traits: ServerTraits) {
    const tls = options.tls ?? {};
    this.#host = options.host;
    this.#isImplicit = options.security === 'implicit';
    const name = tls.servername ?? options.virtualHost ?? options.host;
    this.#servername = isIP(name) === 0 ? name : undefined;
    this.#pin = tls.pinnedFingerprint;
    const isFree = tls.minVersion !== 'TLSv1.3' && tls.maxVersion !== 'TLSv1.2';
    const isBound = isFree && traits.boundToTls12;
    this.#mayUseTls12 = isFree && !isBound;
    const maxVersion = isBound ? 'TLSv1.2' : tls.maxVersion;
    const bounds: ContextOptions = {
      minVersion: tls.minVersion ?? 'TLSv1.2',
      ...(maxVersion ? { maxVersion } : {}),
    };
    this.#traits = traits;
    this.#openContext = (wish) => openContext({ ...bounds, ...wish }, tls.clientCertificate, tls.ca ?? []);
    this.#context = this.#openContext({});
    this.#prefer(traits.keyExchangeGroup);
  }

  /** Whether this is TLS 1.3, and another session might be had with TLS 1.2. */
  get mayFallBack(): boolean {
    return this.#mayUseTls12 && this.#version === 'TLSv1.3';
  }

  get fingerprint(): string | undefined {
    return this.#fingerprint;
  }

  /** Starts TLS on the control connection. @throws FtpsError `tls`. The certificate is judged by `acceptControl`. */
  secureControl(stream: RecordStream): Promise<SecureStream> {
    return this.#handshake(stream, 'control');
  }

  /** C-22: @throws FtpsError `certificate`, with the report a person decides on. */
  acceptControl(socket: SecureStream): void {
    const report = certificateProblem(socket, this.#pin);
    if (report) {
      const reason = describeProblem(report, this.#servername ?? this.#host);
      const hint = report.problem === 'wrongName' ? ` ${adviceFor('otherCertificateName')}` : '';
      const message = `The certificate of ${this.#host} is not trusted: ${reason}. Nothing was sent.${hint} Trust it only if its SHA-256 fingerprint is the one the server's operator gives: ${report.fingerprint}`;
      throw new FtpsError('certificate', 'certificate', message, { certificate: report });
    }
    this.#fingerprint = socket.getPeerCertificate().fingerprint256;
    this.#version = socket.getProtocol() ?? undefined;
    this.#group = chosenGroup(socket);
    this.#prefer(this.#group === 'P-256' ? this.#group : this.#traits.keyExchangeGroup);
    // Under TLS 1.2 the session is complete with the handshake, even where no ticket event tells of it.
    const session = completeSession(socket);
    if (session && this.#sessions.isEmpty) this.#sessions.learn(session, 'control');
  }

  /** Forgets the connection that TLS was taken off: the next one has a certificate and sessions of its own. C-6 */
  reset(): void {
    this.#fingerprint = undefined;
    this.#sessions = new TlsSessions();
  }

  /** Starts TLS on a data connection, offering a session of the control connection. C-25, C-26 */
  secureData(stream: TlsCarrier): Promise<SecureStream> {
    return this.#handshake(stream, 'data');
  }

  /**
   * C-23: a resumed session is bound to the control connection's; a full handshake must show the same certificate.
   * @throws FtpsError `securityRefused`
   */
  acceptData(socket: SecureStream): void {
    this.#judgeData(socket);
    for (const ticket of this.#unjudged.get(socket) ?? []) this.#sessions.learn(ticket, 'data');
    this.#unjudged.delete(socket);
  }

  #judgeData(socket: SecureStream): void {
    if (socket.isSessionReused()) return;
    this.#traits.leanResumption = false;
    const seen = socket.getPeerCertificate().fingerprint256;
    if (this.#fingerprint !== undefined && sameFingerprint(seen, this.#fingerprint)) return;
    throw new FtpsError(
      'securityRefused',
      'dataTls',
      `The data connection showed another certificate (${seen}) than the control connection (${this.#fingerprint}); somebody may be in between. Nothing was transferred. Do not go on before the server's operator has explained it.`,
    );
  }

  /** A group that is offered first spares a round trip where the server has no other; dropped when TLS fails with it. */
  #prefer(group: ServerTraits['keyExchangeGroup']): void {
    if (this.#preferred === group) return;
    this.#preferred = group;
    this.#traits.keyExchangeGroup = group;
    try {
      this.#context = this.#openContext(group ? { firstGroup: group } : {});
    } catch {
      // A TLS library without that group: the context stays as it is.
      this.#traits.keyExchangeGroup = undefined;
    }
  }

  /**
   * A hybrid key share with a lattice costs more than all else that is done for a small file. What is resumed has the
   * strength of the control connection's key exchange already (RFC 8446 §7.1), so a share of its classical half will do;
   * where nothing is resumed, all is offered.
   */
  #contextFor(session: Buffer | undefined): SecureContext {
    if (session === undefined || this.#group !== 'X25519' || !this.#traits.leanResumption)
      return this.#context;
    this.#leanContext ??= this.#openContext({ firstGroup: 'X25519' });
    return this.#leanContext;
  }

  #handshake(stream: TlsCarrier, origin: 'control' | 'data'): Promise<SecureStream> {
    return new Promise((resolve, reject) => {
      const session = origin === 'data' ? this.#sessions.next() : undefined;
      const secureContext = this.#contextFor(session);
      // The identity is the same on both connections: Node binds sessions to servername and host.
      const socket = connectTls({
        socket: stream,
        host: this.#host,
        ...(this.#servername === undefined ? {} : { servername: this.#servername }),
        secureContext,
        // Judged by hand in acceptControl, so that the session can still be ended in good order. C-21
        rejectUnauthorized: false,
        checkServerIdentity: checkNames,
        ...(session ? { session } : {}),
      });
      // Attached before anything can arrive: a late listener hears of no ticket.
      if (origin === 'data') this.#unjudged.set(socket, []);
      socket.on('session', (ticket: Buffer) => {
        const waiting = this.#unjudged.get(socket);
        if (waiting) waiting.push(ticket);
        else this.#sessions.learn(ticket, origin);
      });
      // A connection that dies later reports it by its end; an error nobody listens for would end the process.
      socket.on('error', () => {});
      const forget = (): void => {
        socket.off('error', fail).off('close', onClose).off('end', onClose);
      };
      // Once: what it destroys fails anew, and not as it was meant.
      const fail = (error?: Error): void => {
        forget();
        stream.destroy();
        // What the system reports is of the line, and says nothing about what was offered on it.
        if (error && !('syscall' in error)) {
          this.#prefer(undefined);
          if (secureContext === this.#leanContext) this.#traits.leanResumption = false;
        }
        const reason = handshakeFailure(stream, error);
        const [step, message] =
          origin === 'control'
            ? (['tls', controlMessage(reason, this.#isImplicit && greets(stream))] as const)
            : (['dataTls', `The TLS handshake of the data connection failed: ${reason}.`] as const);
        reject(new FtpsError('tls', step, message, { cause: error }));
      };
      const onClose = (): void => fail();
      socket.on('error', fail).on('close', onClose).on('end', onClose);
      socket.once('secureConnect', () => {
        forget();
        // On a bare socket Node is still inside the TLS library here: whoever destroyed it now would end the process.
        if (stream instanceof RecordStream) resolve(socket);
        else setImmediate(resolve, socket);
      });
    });
  }
}

/** @throws FtpsError `invalidArgument` naming the option, when the client's certificate cannot be used. C-24 */
function openContext(
  bounds: ContextOptions,
  certificate: ClientCertificate | undefined,
  authorities: readonly string[],
): SecureContext {
  if (certificate === undefined) return createContext(bounds, authorities);
  const { passphrase } = certificate;
  const identity =
    'pfx' in certificate
      ? { pfx: Buffer.from(certificate.pfx) }
      : { cert: certificate.cert, key: certificate.key };
  try {
    return createContext(
      { ...bounds, ...identity, ...(passphrase === undefined ? {} : { passphrase }) },
      authorities,
    );
  } catch (cause) {
    const message = `The client certificate of "tls": { "clientCertificate" } cannot be used: ${reasonOf(cause)}. Check that certificate and key belong together, and the passphrase.`;
    throw new FtpsError('invalidArgument', 'tls', message, { cause });
  }
}

function handshakeFailure(stream: TlsCarrier, error: Error | undefined): string {
  if (stream instanceof RecordStream) {
    // C-55: what OpenSSL calls a wrong version number is most often a reply in clear.
    const { looksClear, strayText } = stream.records;
    if (looksClear) return `the server answered in clear text: "${strayText}"`;
  }
  return error ? lineReason(error) : 'the connection was closed during the handshake';
}

function greets(stream: TlsCarrier): boolean {
  return stream instanceof RecordStream && stream.records.strayText.startsWith('220');
}

function controlMessage(reason: string, greeted: boolean): string {
  const hint = greeted ? ` ${adviceFor('greetingBeforeTls')}` : '';
  return `The TLS handshake failed: ${reason}. Check port and security: "implicit" servers speak TLS at once, "explicit" ones after AUTH.${hint}`;
}
