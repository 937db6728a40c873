import type { Protection, Session } from './session.ts';

/** How a session is protected, and how its data connections fared. */
export interface SessionReport {
  /** The level of data connections. */
  readonly protection: Protection;
  /** `TLSv1.3` and the like, of the control connection; undefined without TLS. */
  readonly tlsVersion: string | undefined;
  readonly cipher: string | undefined;
  /** SHA-256 of the server's certificate, `AA:BB:…`. */
  readonly fingerprint: string | undefined;
  readonly dataConnections: number;
  /** How many of them resumed the control connection's TLS session. */
  readonly resumed: number;
  /** How many of them made a full handshake instead. */
  readonly unresumed: number;
}

export function reportOf({ control, tls, protection, data }: Session): SessionReport {
  return {
    protection,
    ...control.tlsInfo(),
    fingerprint: tls?.fingerprint,
    dataConnections: data.opened,
    resumed: data.resumed,
    unresumed: data.unresumed,
  };
}
