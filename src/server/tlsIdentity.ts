import {
  createSecureContext,
  createServer,
  type SecureContext,
  type SecureContextOptions,
  type Server,
} from 'node:tls';

/** As one control connection and its data connections show themselves, and the sessions that they may resume. */
export interface TlsIdentity {
  readonly context: SecureContext;
  /** Never listens: Node asks it for the sessions of clients that resume by number instead of by ticket. */
  readonly keeper: Server;
  /** Clients are asked for a certificate; what it is worth is judged after the handshake. */
  readonly asksForCertificate: boolean;
}

export interface IdentityOptions extends SecureContextOptions {
  readonly asksForCertificate: boolean;
}

const MOST_SESSIONS = 32;

/** S-15: with ticket keys and a store of its own, so that no other control connection's sessions resume. */
export function createIdentity(options: IdentityOptions): TlsIdentity {
  const sessions = new Map<string, Buffer>();
  const keeper = createServer();
  keeper.on('newSession', (number: Buffer, session: Buffer, done: () => void) => {
    sessions.set(number.toString('hex'), session);
    // In the order of their arrival.
    for (const oldest of sessions.keys()) {
      if (sessions.size <= MOST_SESSIONS) break;
      sessions.delete(oldest);
    }
    done();
  });
  keeper.on(
    'resumeSession',
    (number: Buffer, done: (error: Error | null, session: Buffer | null) => void) => {
      done(null, sessions.get(number.toString('hex')) ?? null);
    },
  );
  return { context: createSecureContext(options), keeper, asksForCertificate: options.asksForCertificate };
}
