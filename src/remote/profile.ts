import type { Security, TimeoutName, TlsVersion } from '../client/connectOptions.ts';
import { type ClientCertificateFiles, keyFile } from './clientCertificate.ts';
import { FieldReader, type Fields, Findings, hasControlCharacter, isFields, shown } from './profileFields.ts';
import { dialogueFields, type ProfileDialogue, readDialogue } from './profileDialogue.ts';
import { readSync } from './profileSync.ts';
import { normalisePath } from './remotePath.ts';

/** One local folder that is kept in step with one remote folder. */
export interface SyncMapping {
  /** Relative to the workspace folder, with `/`; empty for the workspace folder itself. */
  readonly local: string;
  /** Absolute path on the server. */
  readonly remote: string;
  /** Rules as in .gitignore, relative to `local`. */
  readonly ignore: readonly string[];
  /** Which side follows the other, as far as nobody chooses otherwise for one sync. */
  readonly direction: 'toRemote' | 'toLocal' | 'both';
  /** Whether a sync deletes on one side what the other has not. */
  readonly deleteExtra: boolean;
  /** Whether a sync, where it knows nothing of an earlier one, overwrites only what is older. */
  readonly onlyNewer: boolean;
  /** Whether a sync creates nothing that the other side has not. */
  readonly existingOnly: boolean;
  /** Whether saving a file below `local` uploads it. */
  readonly onSave: boolean;
  /** Whether a file below `local` is uploaded too when something else than the editor has changed it. */
  readonly watch: boolean;
  /** Where only some files are watched: which, as patterns of .gitignore, relative to `local`. */
  readonly watchOnly?: readonly string[];
  /** Whether what is deleted or renamed below `local` is deleted on the server at once, or waits for a sync. */
  readonly deleteOnServer: boolean;
}

interface ProfileTls {
  readonly servername?: string;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** Paths of PEM files with further authorities, read when a connection opens. */
  readonly ca: readonly string[];
  /** Read when a connection opens; the passphrase is a secret, and kept like one. */
  readonly clientCertificate?: ClientCertificateFiles;
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
  readonly dialogue: ProfileDialogue;
  /** Seconds; an absent limit keeps the client's own. */
  readonly timeouts: Readonly<Partial<Record<TimeoutName, number>>>;
  /** Most sessions open at the same time. */
  readonly connections: number;
  /** Seconds between two signs of life of the one session that is kept while nothing is done; 0 keeps none. */
  readonly keepAlive: number;
  /** Whether large files travel in several parts at once, where both ends can begin in the middle of one. */
  readonly segmentedTransfers: boolean;
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

/** Whether the password travels where it can be read: without TLS, or because the profile logs in before AUTH. */
export function sendsPasswordInClear(profile: Pick<Profile, 'security' | 'dialogue'>): boolean {
  if (profile.security === 'none') return true;
  return profile.security === 'explicit' && profile.dialogue.login?.auth === 'afterLogin';
}

/**
 * What a stored secret is bound to. The profile's name has no part in it, so that a cloned repository cannot send a
 * stored password to another host, nor one that was given for TLS in clear. A host holds no `@`, so the last one in
 * the text ends the user.
 */
export function credentialAccount(
  profile: Pick<Profile, 'security' | 'user' | 'host' | 'port' | 'dialogue'>,
): string {
  const security = sendsPasswordInClear(profile) ? 'none' : profile.security;
  return `${security}://${serverOf(profile)}`;
}

/** What the passphrase of the client certificate is bound to: the login that it is for, and the file of the key. */
export function passphraseAccount(
  profile: Pick<Profile, 'security' | 'user' | 'host' | 'port' | 'dialogue' | 'tls'>,
): string {
  const files = profile.tls.clientCertificate;
  return `${files ? keyFile(files) : ''}#${credentialAccount(profile)}`;
}

/** Whose files a connection leads to. */
export function serverOf(profile: Pick<Profile, 'user' | 'host' | 'port'>): string {
  return `${profile.user}@${hostKey(profile)}`;
}

/** What a trusted certificate is bound to. */
export function hostKey(profile: Pick<Profile, 'host' | 'port'>): string {
  return `${profile.host.toLowerCase()}:${profile.port}`;
}

const fieldNames = [
  'host',
  'port',
  'security',
  'user',
  'remotePath',
  'sync',
  'tls',
  'timeouts',
  'connections',
  'keepAlive',
  'segmentedTransfers',
  ...dialogueFields,
];
const secretNames = ['password', 'pass', 'passphrase', 'passwd', 'secret'];
const securities: readonly Security[] = ['explicit', 'implicit', 'none'];
const tlsVersions = ['TLSv1.2', 'TLSv1.3'] as const;
const timeoutNames = [
  'connect',
  'greeting',
  'tls',
  'reply',
  'login',
  'dataConnect',
  'dataIdle',
  'close',
] as const satisfies readonly TimeoutName[];
const longestTimeout = 3600;

/** Reads one value of the setting `ftps.profiles`. Never throws: an invalid profile is an answer with its reasons. */
export function readProfile(name: string, value: unknown): ProfileResult {
  const findings = new Findings();
  checkName(name, findings);
  const profile = isFields(value) ? readFields(name, value, findings) : undefined;
  if (!isFields(value))
    findings.problem(`A connection must be an object with "host" and "user", not ${shown(value)}`);
  const { problems, warnings } = findings;
  if (profile && problems.length === 0) return { ok: true, name, profile, warnings };
  return { ok: false, name, problems, warnings };
}

/** Reads the whole setting. Names that differ only by case are invalid, because addresses do not tell them apart. */
export function readProfiles(values: Readonly<Record<string, unknown>>): ProfileResult[] {
  const names = Object.keys(values);
  return names.map((name) => {
    const result = readProfile(name, values[name]);
    const twin = names.find((other) => other !== name && other.toLowerCase() === name.toLowerCase());
    if (twin === undefined) return result;
    const reason = `The names "${name}" and "${twin}" differ only by upper and lower case; rename one of them`;
    const problems = result.ok ? [reason] : [...result.problems, reason];
    return { ok: false, name, problems, warnings: result.warnings };
  });
}

function checkName(name: string, findings: Findings): void {
  if (name.trim() === '') findings.problem('The name of a connection cannot be empty');
  const refused = /[/:@?#\\]/.exec(name)?.[0];
  if (refused) findings.problem(`The name of a connection cannot contain "${refused}"`);
  if (hasControlCharacter(name))
    findings.problem('The name of a connection cannot contain a control character');
}

function readFields(name: string, value: Fields, findings: Findings): Profile {
  const fields = new FieldReader(value, findings);
  for (const secret of secretNames) {
    if (fields.has(secret)) {
      findings.problem(
        `${secret} does not belong in settings: remove it. FTPS Explorer asks for it when it connects and keeps it in the keychain`,
      );
    }
  }
  fields.warnOfOthersThan([...fieldNames, ...secretNames]);
  const security = fields.choice('security', securities) ?? 'explicit';
  const remotePath = normalisePath(fields.text('remotePath') ?? '/');
  return {
    name,
    host: readHost(fields, findings),
    port: fields.wholeNumber('port', 1, 65535) ?? (security === 'implicit' ? 990 : 21),
    security,
    user: readUser(fields, findings),
    remotePath,
    sync: readSync(value['sync'], remotePath, findings),
    tls: readTls(fields.inner('tls'), findings),
    dialogue: readDialogue(fields),
    timeouts: readTimeouts(fields.inner('timeouts')),
    connections: fields.wholeNumber('connections', 1, 16) ?? 4,
    keepAlive: fields.wholeNumber('keepAlive', 0, 3600) ?? 0,
    segmentedTransfers: fields.flag('segmentedTransfers') ?? false,
  };
}

function readHost(fields: FieldReader, findings: Findings): string {
  const host = fields
    .text('host')
    ?.trim()
    .replace(/^\[(.*)\]$/, '$1');
  if (host === undefined || host === '') {
    if (!fields.has('host') || host === '')
      findings.problem('host is missing: the name or address of the server');
    return '';
  }
  const isAddressOfVersion6 = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(?:%[\w.-]+)?$/i.test(host);
  if (host.includes('://')) {
    findings.problem(
      `host must be the bare name of the server, without "${host.slice(0, host.indexOf('://') + 3)}"`,
    );
  } else if (!isAddressOfVersion6 && host.includes(':')) {
    findings.problem(`host must not contain a port; write it in "port" (found ${shown(host)})`);
  } else if (/[\s/@?#\\]/.test(host)) {
    findings.problem(`host must be the bare name or address of the server, not ${shown(host)}`);
  }
  return host;
}

function readUser(fields: FieldReader, findings: Findings): string {
  const user = fields.text('user');
  if (!fields.has('user') || user === '') findings.problem('user is missing: the name to log in with');
  return user ?? '';
}

function readTls(fields: FieldReader, findings: Findings): ProfileTls {
  fields.warnOfOthersThan(['servername', 'minVersion', 'maxVersion', 'ca', 'clientCertificate']);
  const servername = fields.text('servername');
  const minVersion = fields.choice('minVersion', tlsVersions);
  const maxVersion = fields.choice('maxVersion', tlsVersions);
  if (minVersion && maxVersion && minVersion > maxVersion) {
    findings.problem('tls.minVersion is higher than tls.maxVersion, so no version is left');
  }
  return {
    ...(servername ? { servername } : {}),
    ...(minVersion ? { minVersion } : {}),
    ...(maxVersion ? { maxVersion } : {}),
    ca: fields.texts('ca'),
    ...readCertificateFiles(fields, findings),
  };
}

function readCertificateFiles(
  fields: FieldReader,
  findings: Findings,
): Pick<ProfileTls, 'clientCertificate'> {
  if (!fields.has('clientCertificate')) return {};
  const inner = fields.inner('clientCertificate');
  inner.warnOfOthersThan(['cert', 'key', 'pfx']);
  const [cert, key, pfx] = [inner.text('cert'), inner.text('key'), inner.text('pfx')];
  if (pfx && !cert && !key) return { clientCertificate: { pfx } };
  if (cert && key && !pfx) return { clientCertificate: { cert, key } };
  findings.problem(
    'tls.clientCertificate needs the paths of either "cert" and "key" (PEM files) or "pfx" (a PKCS #12 file)',
  );
  return {};
}

function readTimeouts(fields: FieldReader): Profile['timeouts'] {
  fields.warnOfOthersThan(timeoutNames);
  const timeouts: Partial<Record<TimeoutName, number>> = {};
  for (const name of timeoutNames) {
    const seconds = fields.wholeNumber(name, 1, longestTimeout);
    if (seconds !== undefined) timeouts[name] = seconds;
  }
  return timeouts;
}
