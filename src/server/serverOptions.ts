import type { ClientCertificates } from './clientCertificates.ts';
import type { Clock } from './clock.ts';
import type { FaultChoice } from './faults/faultCatalogue.ts';

type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

/** Bounds in milliseconds, bytes and numbers. */
export interface ServerLimits {
  /** Between two commands; ends the session with 421. */
  readonly idle: number;
  /** For the client to take a reply; ends the session. */
  readonly reply: number;
  /** For a TLS handshake. */
  readonly handshake: number;
  /** For the data connection to be opened; ends the transfer with 425. */
  readonly dataConnect: number;
  /** For the next bytes of a transfer to pass; ends the transfer with 426. */
  readonly dataIdle: number;
  /** For the peer to close a data connection that has said all. */
  readonly dataClose: number;
  /** Before the answer to the second wrong password; doubles with each further one. */
  readonly loginDelay: number;
  readonly lineBytes: number;
  /** In all, of one address, and of those that have not logged in yet. */
  readonly sessions: number;
  readonly sessionsPerAddress: number;
  readonly sessionsBeforeLogin: number;
  /** Wrong passwords after which a session is over. */
  readonly loginAttempts: number;
}

export const defaultLimits: ServerLimits = {
  idle: 300_000,
  reply: 90_000,
  handshake: 30_000,
  dataConnect: 30_000,
  dataIdle: 120_000,
  dataClose: 10_000,
  loginDelay: 1_000,
  lineBytes: 8192,
  sessions: 64,
  sessionsPerAddress: 48,
  sessionsBeforeLogin: 32,
  loginAttempts: 4,
};

/** S-28: where the world expects the server, and from where it opens data connections. RFC 959, [MS-FTPS] 1.9 */
export const standardPorts = {
  explicit: { control: 21, data: 20 },
  implicit: { control: 990, data: 989 },
} as const;

/** CCC: unknown, refused by policy, or obeyed. */
type ClearControlPolicy = 'off' | 'forbidden' | 'allowed';

export interface ServerOptions {
  /** The folder that is served; nothing outside it is. */
  readonly root: string;
  /** user -> password */
  readonly users: Readonly<Record<string, string>>;
  readonly security: 'explicit' | 'implicit';
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** 0, the default, takes any that is free; 'standard' is 990 for implicit FTPS, 21 for explicit. */
  readonly port?: number | 'standard';
  /** From where data connections of active mode are opened: any by default; 'standard' is 989 for implicit FTPS, 20 for explicit. */
  readonly activePort?: number | 'standard';
  /** PEM texts. */
  readonly certificate: { readonly key: string; readonly cert: string };
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** AUTH: served, or refused with 431 or 534. */
  readonly auth?: 'offered' | 'unavailable' | 'forbidden';
  /** USER before TLS is refused; true by default. */
  readonly requireTls?: boolean;
  /** Transfers at PROT C are refused; true by default. */
  readonly requireProtection?: boolean;
  /** Data connections that do not resume the session's TLS are refused; false by default. */
  readonly requireSessionReuse?: boolean;
  /** Whether clients show certificates, and what those are good for; nobody is asked for one by default. */
  readonly clientCertificates?: ClientCertificates;
  /** On explicit FTPS; 'forbidden' by default. On implicit it always is. */
  readonly clearControl?: ClearControlPolicy;
  /** What becomes of an upload that broke off: 'delete' by default. Appended and restarted ones are always kept. */
  readonly truncatedUpload?: 'keep' | 'delete';
  /** First and last; any free port by default. */
  readonly passivePorts?: readonly [number, number];
  readonly greeting?: string;
  /** Verbs that the server does as if it did not know; MLST hides MLSD too. */
  readonly hide?: readonly string[];
  readonly listFormat?: 'unix' | 'dos';
  readonly limits?: Partial<ServerLimits>;
  /** What the server shall do wrong. */
  readonly faults?: readonly FaultChoice[];
  readonly clock?: Clock;
  readonly log?: (line: string) => void;
}

/** The options with every default filled in, as sessions read them. */
export interface ServerSettings {
  readonly users: ReadonlyMap<string, string>;
  readonly security: 'explicit' | 'implicit';
  readonly auth: 'offered' | 'unavailable' | 'forbidden';
  readonly requireTls: boolean;
  readonly requireProtection: boolean;
  readonly requireSessionReuse: boolean;
  readonly clearControl: ClearControlPolicy;
  readonly truncatedUpload: 'keep' | 'delete';
  readonly passivePorts: readonly [number, number];
  /** 0 for any. */
  readonly activePort: number;
  readonly greeting: string;
  readonly hidden: ReadonlySet<string>;
  readonly listFormat: 'unix' | 'dos';
}

export function settingsOf(options: ServerOptions): ServerSettings {
  const hidden = new Set(options.hide?.map((verb) => verb.toUpperCase()));
  if (hidden.has('MLST')) hidden.add('MLSD');
  return {
    users: new Map(Object.entries(options.users)),
    security: options.security,
    auth: options.auth ?? 'offered',
    requireTls: options.requireTls ?? true,
    requireProtection: options.requireProtection ?? true,
    requireSessionReuse: options.requireSessionReuse ?? false,
    clearControl: options.clearControl ?? 'forbidden',
    truncatedUpload: options.truncatedUpload ?? 'delete',
    passivePorts: options.passivePorts ?? [0, 0],
    activePort:
      options.activePort === 'standard' ? standardPorts[options.security].data : (options.activePort ?? 0),
    greeting: options.greeting ?? 'FTPS Explorer server ready.',
    hidden,
    listFormat: options.listFormat ?? 'unix',
  };
}
