import { TLSSocket } from 'node:tls';
import type { TlsIdentity } from './tlsIdentity.ts';
import type { TlsWire } from './tlsWire.ts';

/** TLS in the server's role on a wire, which knows whether the peer took its leave. */
export class ServerTls extends TLSSocket {
  readonly wire: TlsWire;
  #wireEnded = false;
  #closedByPeer = false;

  constructor(wire: TlsWire, identity: TlsIdentity) {
    super(wire, {
      isServer: true,
      secureContext: identity.context,
      server: identity.keeper,
      requestCert: identity.asksForCertificate,
      // Judged by hand, so that a refusal can be told inside TLS (S-10).
      rejectUnauthorized: false,
    });
    this.wire = wire;
    // A failure below shows as the end of TLS; behind that end there is nobody left to tell.
    wire.on('error', () => {});
    wire.prependListener('end', () => {
      this.#wireEnded = true;
    });
  }

  /**
   * All that the peer sent has arrived: it ended with close_notify, not with a bare FIN or a reset. RFC 8446 §6.1
   *
   * Node says `end` for all of these, but only for close_notify while the stream below still flows.
   */
  get closedByPeer(): boolean {
    return this.#closedByPeer;
  }

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (chunk === null && !this.#wireEnded) this.#closedByPeer = true;
    return super.push(chunk, encoding);
  }
}

/** Resolves when the handshake is done. @throws Error when it fails or the peer leaves before. */
export function handshake(tls: ServerTls): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined;
    tls.once('secure', () => resolve());
    tls.on('error', (error) => {
      failure ??= error;
    });
    tls.once('_tlsError', (error: Error) => {
      failure ??= error;
    });
    const leave = (): void => reject(failure ?? new Error('The peer left during the TLS handshake.'));
    tls.once('close', leave);
    // Nobody reads TLS yet, so its own end would not show.
    tls.wire.once('end', leave);
    tls.wire.once('close', leave);
  });
}
