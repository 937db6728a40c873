import type { LookupFunction } from 'node:net';
import type { Clock } from './clock.ts';
import type { ServerTraits } from './serverTraits.ts';

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

/** What proves the user to the server; PEM texts, or one PKCS #12 bundle. C-24 */
export type ClientCertificate =
  | { readonly cert: string; readonly key: string; readonly passphrase?: string }
  | { readonly pfx: Uint8Array; readonly passphrase?: string };

interface TlsOptions {
  /** Name the certificate must carry, where it differs from the host that is dialled. */
  readonly servername?: string;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** PEM certificates of authorities that count beside those of the system. */
  readonly ca?: readonly string[];
  /** SHA-256 (`AA:BB:…`) of the one leaf certificate that is accepted although it does not verify. */
  readonly pinnedFingerprint?: string;
  readonly clientCertificate?: ClientCertificate;
}

/** The user's own timing of what secures a session. Securing FTP with TLS §9.3, C-13 */
export interface LoginOptions {
  /** Whole commands, said before AUTH: in clear in explicit mode. */
  readonly beforeAuth?: readonly string[];
  /** `afterLogin` says user and password in clear first, and again after AUTH, which voids the login. C-20 */
  readonly auth?: 'beforeLogin' | 'afterLogin';
  /** The word behind AUTH. `auto` says TLS, or SSL where FEAT lists nothing else, and the other one after a 504. C-8 */
  readonly authMechanism?: 'auto' | 'TLS' | 'SSL';
  /** When PBSZ and PROT are said: `late` is before the first transfer; `never` leaves data connections clear. */
  readonly protection?: 'beforeLogin' | 'afterLogin' | 'late' | 'never';
  /** For a server that asks for one by 332. C-19 */
  readonly account?: string;
}

/** The user's word on what the client would find out, or do, by itself; each named by the quirk that it is for. */
interface QuirkOptions {
  /** C-5: `send` says PBSZ 0 and PROT P on an implicit connection, for servers that do not assume them. */
  readonly implicitProt?: 'assume' | 'send';
  /** `beforeTls`: the implicit port greets in clear, and TLS comes behind the greeting. */
  readonly implicitGreeting?: 'inTls' | 'beforeTls';
  /** `ignore` takes a download whose end no close_notify confirms, unless SIZE tells that it is short. C-38 */
  readonly truncation?: 'error' | 'ignore';
  /** `announced` connects to the host that PASV names instead of the control connection's. C-30 */
  readonly passiveAddress?: 'control' | 'announced';
  /** `never` says nothing and opens nothing before it is needed; `auto` does until the server dislikes it. */
  readonly pipelining?: 'auto' | 'never';
  /** Which command asks for a passive port; `auto` says EPSV, and PASV once that is refused. C-31 */
  readonly passiveCommand?: 'auto' | 'EPSV' | 'PASV';
  /** Whether a transfer's TLS waits for the server's 1xx; `auto` does until a server says it only afterwards. C-33 */
  readonly preliminaryReply?: 'auto' | 'expected' | 'ignored';
  /** `list` never says MLSD, `plainList` no `LIST -a` either. */
  readonly listing?: 'auto' | 'list' | 'plainList';
  /** `none`: after CCC the server falls back to clear text without close_notify. C-28 */
  readonly clearCommandChannelEnd?: 'closeNotify' | 'none';
}

export interface ConnectOptions extends QuirkOptions {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly user: string;
  readonly password: string;
  readonly tls?: TlsOptions;
  readonly login?: LoginOptions;
  /** Of names and replies: any name that iconv-lite knows. By default UTF-8, with Latin-1 for what is not. */
  readonly encoding?: string;
  /** Transfers at level C are refused here, before anything is said; true by default. No matter without TLS. C-18 */
  readonly requireProtectedData?: boolean;
  /** Whether `clearCommandChannel` may be used; false by default. C-28 */
  readonly allowClearCommandChannel?: boolean;
  /** Who opens data connections; `auto` is passive, and active from a passive connection on that cannot be opened. */
  readonly dataMode?: 'passive' | 'active' | 'auto';
  /** The IP address that PORT and EPRT name, where it is not that of this end of the control connection. */
  readonly activeAddress?: string;
  /** One of several hosts behind one address: said by HOST, and the TLS server name too. RFC 7151, C-50 */
  readonly virtualHost?: string;
  /** What CLNT tells of this client; nothing is said without. C-51 */
  readonly clientName?: string;
  /** Milliseconds between two NOOP during a transfer; none by default, as some servers answer out of turn. C-54 */
  readonly transferKeepAlive?: number;
  readonly timeouts?: Partial<Timeouts>;
  /** How host names become addresses; the system's resolver by default. */
  readonly lookup?: LookupFunction;
  readonly clock?: Clock;
  readonly log?: ClientLog;
  /** What earlier sessions learnt about this server: hand the same object to all of them. */
  readonly traits?: ServerTraits;
}
