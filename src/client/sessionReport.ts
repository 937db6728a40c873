import type { DataCount, Protection, Session } from './session.ts';

/** How a client's session is protected, and how its data connections fared, those of replaced sessions among them. */
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

/** @param replaced how data connections fared on the sessions before this one */
export function reportOf(
  { control, tls, protection, data }: Session,
  replaced: readonly DataCount[],
): SessionReport {
  const sum = (count: (of: DataCount) => number): number =>
    replaced.reduce((total, of) => total + count(of), count(data));
  return {
    protection,
    ...control.tlsInfo(),
    fingerprint: tls?.fingerprint,
    dataConnections: sum(({ opened }) => opened),
    resumed: sum(({ resumed }) => resumed),
    unresumed: sum(({ unresumed }) => unresumed),
  };
}
