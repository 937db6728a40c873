import type { Clock } from './clock.ts';

type TlsVersion = 'TLSv1.2' | 'TLSv1.3';

/** Bounds in milliseconds, bytes and numbers. */
export interface ServerLimits {
  /** Between two commands; ends the session with 421. */
  readonly idle: number;
  /** For a TLS handshake. */
  readonly handshake: number;
  /** For the data connection to be opened; ends the transfer with 425. */
  readonly dataConnect: number;
  /** For the peer to close a data connection that has said all. */
  readonly dataClose: number;
  readonly lineBytes: number;
  readonly sessions: number;
}

export const defaultLimits: ServerLimits = {
  idle: 300_000,
  handshake: 30_000,
  dataConnect: 30_000,
  dataClose: 10_000,
  lineBytes: 8192,
  sessions: 64,
};

export interface ServerOptions {
  /** The folder that is served; nothing outside it is. */
  readonly root: string;
  /** user -> password */
  readonly users: Readonly<Record<string, string>>;
  readonly security: 'explicit' | 'implicit';
  /** 127.0.0.1 unless told otherwise. */
  readonly host?: string;
  /** 0, the default, takes any that is free. */
  readonly port?: number;
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
  /** What becomes of an upload that broke off: 'delete' by default. Appended and restarted ones are always kept. */
  readonly truncatedUpload?: 'keep' | 'delete';
  /** First and last; any free port by default. */
  readonly passivePorts?: readonly [number, number];
  readonly greeting?: string;
  /** Verbs that the server does as if it did not know; MLST hides MLSD too. */
  readonly hide?: readonly string[];
  readonly listFormat?: 'unix' | 'dos';
  readonly limits?: Partial<ServerLimits>;
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
  readonly truncatedUpload: 'keep' | 'delete';
  readonly passivePorts: readonly [number, number];
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
    truncatedUpload: options.truncatedUpload ?? 'delete',
    passivePorts: options.passivePorts ?? [0, 0],
    greeting: options.greeting ?? 'FTPS Explorer server ready.',
    hidden,
    listFormat: options.listFormat ?? 'unix',
  };
}
