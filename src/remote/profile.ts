import type { Security, TimeoutName, TlsVersion } from '../client/connectOptions.ts';

/** One local folder that is kept in step with one remote folder. */
export interface SyncMapping {
  /** Relative to the workspace folder, with `/`; empty for the workspace folder itself. */
  readonly local: string;
  /** Absolute path on the server. */
  readonly remote: string;
  /** Rules as in .gitignore, relative to `local`. */
  readonly ignore: readonly string[];
  /** Whether saving a file below `local` uploads it. */
  readonly onSave: boolean;
}

export interface ProfileTls {
  readonly servername?: string;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** Paths of PEM files with further authorities, read when a connection opens. */
  readonly ca: readonly string[];
}

/** A connection as the user described it, checked and with every default filled in. Holds no secret. */
export interface Profile {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly user: string;
  /** Absolute, normalised. */
  readonly remotePath: string;
  readonly sync: readonly SyncMapping[];
  readonly tls: ProfileTls;
  readonly implicitProt: 'assume' | 'send';
  readonly encoding: 'utf8' | 'latin1';
  /** Seconds; an absent limit keeps the client's own. */
  readonly timeouts: Readonly<Partial<Record<TimeoutName, number>>>;
  /** Most sessions open at the same time. */
  readonly connections: number;
}

/** Warnings never make a profile invalid. */
export type ProfileResult =
  | {
      readonly ok: true;
      readonly name: string;
      readonly profile: Profile;
      readonly warnings: readonly string[];
    }
  | {
      readonly ok: false;
      readonly name: string;
      readonly problems: readonly string[];
      readonly warnings: readonly string[];
    };

/**
 * What a stored secret is bound to. The profile's name has no part in it, so that a cloned repository cannot send a
 * stored password to another host. A host holds no `@`, so the last one in the text ends the user.
 */
export function credentialAccount(profile: Pick<Profile, 'security' | 'user' | 'host' | 'port'>): string {
  return `${profile.security}://${profile.user}@${hostKey(profile)}`;
}

/** What a trusted certificate is bound to. */
export function hostKey(profile: Pick<Profile, 'host' | 'port'>): string {
  return `${profile.host.toLowerCase()}:${profile.port}`;
}
