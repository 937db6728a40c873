import type { LookupFunction } from 'node:net';
import type { Clock } from './clock.ts';

/** `explicit`: AUTH on a clear connection (RFC 4217 §4). `implicit`: TLS from the first byte (MS-FTPS §3.1.5.1). `none`: plain FTP. */
export type Security = 'explicit' | 'implicit' | 'none';

export type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

/** Time limits in milliseconds. Each guards one wait; none spans two. C-54 */
export interface Timeouts {
  /** Name look-up and TCP connection of the control connection. */
  readonly connect: number;
  readonly greeting: number;
  /** One TLS handshake, on either connection. */
  readonly tls: number;
  /** One reply; off while a transfer moves data. */
  readonly reply: number;
  /** A reply to USER, PASS or ACCT: some servers hash passwords for seconds. */
  readonly login: number;
  readonly dataConnect: number;
  /** A data connection on which no byte moves. */
  readonly dataIdle: number;
  /** What a peer may still owe when a connection is given up: 221, close_notify, the reply to a broken transfer. */
  readonly close: number;
}

export type TimeoutName = keyof Timeouts;

export const defaultTimeouts: Timeouts = {
  connect: 15_000,
  greeting: 30_000,
  tls: 20_000,
  reply: 30_000,
  login: 60_000,
  dataConnect: 15_000,
  dataIdle: 60_000,
  close: 5_000,
};

/** Where the client writes what it says and hears; lines arrive with their secrets masked. C-56 */
export interface ClientLog {
  trace(line: string): void;
  debug(line: string): void;
  warn(line: string): void;
}

export const silentLog: ClientLog = { trace: () => {}, debug: () => {}, warn: () => {} };

interface TlsOptions {
  /** Name the certificate must carry, where it differs from the host that is dialled. */
  readonly servername?: string;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** PEM certificates of authorities that count beside those of the system. */
  readonly ca?: readonly string[];
  /** SHA-256 (`AA:BB:…`) of the one leaf certificate that is accepted although it does not verify. */
  readonly pinnedFingerprint?: string;
}

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly user: string;
  readonly password: string;
  readonly tls?: TlsOptions;
  /** C-5: `send` says PBSZ 0 and PROT P on an implicit connection, for servers that do not assume them. */
  readonly implicitProt?: 'assume' | 'send';
  /** Of names and replies. Undecodable UTF-8 is read as Latin-1. */
  readonly encoding?: 'utf8' | 'latin1';
  readonly timeouts?: Partial<Timeouts>;
  /** How host names become addresses; the system's resolver by default. */
  readonly lookup?: LookupFunction;
  readonly clock?: Clock;
  readonly log?: ClientLog;
}
