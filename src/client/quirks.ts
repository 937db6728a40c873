import type { ConnectOptions } from './connectOptions.ts';

/** Where the user overrides a quirk: an option of the profile, `a.b` for one within another. */
type OptionName =
  | keyof ConnectOptions
  | 'login.authMechanism'
  | 'login.protection'
  | 'timeouts.login'
  | 'tls.maxVersion'
  | 'tls.servername';

interface Quirk {
  /** Known examples; any server that behaves like this is treated like this. */
  readonly servers: readonly string[];
  readonly behaviour: string;
  /** What the client does about it by itself. */
  readonly handling: string;
  /** By what the client finds it out; `nothing` where only the user can know. Never by the greeting, so far. */
  readonly foundBy: 'behaviour' | 'nothing';
  readonly option: OptionName;
  /** The value of the option that helps, as JSON, for the message of the error that the quirk causes. */
  readonly remedy: string;
  /** When the remedy is the right one, as the beginning of a sentence. */
  readonly when: string;
}

const table = {
  implicitLevelNotAssumed: {
    servers: ['vsftpd', 'FileZilla Server 0.9'],
    behaviour:
      'The implicit port does not assume PBSZ 0 and PROT P, and refuses clear data by 521, 522, 534 or 550.',
    handling: 'Assumes P as MS-FTPS says, and reports the refusal. C-5',
    foundBy: 'behaviour',
    option: 'implicitProt',
    remedy: '"send"',
    when: 'If the server does not assume protected data on its implicit port',
  },
  greetingBeforeTls: {
    servers: ['z/OS with SECUREIMPLICITZOS TRUE'],
    behaviour: 'The implicit port greets in clear, and awaits TLS only then.',
    handling: 'Awaits the greeting in TLS as MS-FTPS says. C-1',
    foundBy: 'nothing',
    option: 'implicitGreeting',
    remedy: '"beforeTls"',
    when: 'If an implicit port greets in clear before TLS, as z/OS does',
  },
  clearChannelWithoutNotify: {
    servers: ['z/OS with CCCNONOTIFY'],
    behaviour: 'After CCC the server goes on in clear without having ended TLS.',
    handling: 'Exchanges close_notify as RFC 4217 §12.3 says. C-28',
    foundBy: 'nothing',
    option: 'clearCommandChannelEnd',
    remedy: '"none"',
    when: 'If the server drops TLS without close_notify',
  },
  missingCloseNotify: {
    servers: ['FileZilla Server', 'IIS', 'embedded devices'],
    behaviour: 'Data connections end without close_notify, as if they had been cut.',
    handling: 'Takes a download that ends like this for cut short. C-38',
    foundBy: 'behaviour',
    option: 'truncation',
    remedy: '"ignore"',
    when: 'If this server always ends like this',
  },
  foreignPassiveAddress: {
    servers: ['cPanel', 'AWS Transfer Family', 'servers behind NAT'],
    behaviour: 'PASV names an address that cannot be reached, or a wrong one.',
    handling: 'Connects to the address of the control connection, whatever PASV names. C-30',
    foundBy: 'behaviour',
    option: 'passiveAddress',
    remedy: '"announced"',
    when: 'If the server takes data connections at another address',
  },
  noExtendedPassive: {
    servers: ['IIS', 'old servers'],
    behaviour: 'EPSV is refused, or breaks the session.',
    handling: 'Says EPSV first, and PASV once that was refused. C-31',
    foundBy: 'behaviour',
    option: 'passiveCommand',
    remedy: '"PASV"',
    when: 'If the server has trouble with EPSV',
  },
  passiveUnreachable: {
    servers: ['servers whose passive ports a firewall closes'],
    behaviour: 'Passive data connections cannot be opened.',
    handling: 'Reports it; with "auto" it goes on with active ones.',
    foundBy: 'behaviour',
    option: 'dataMode',
    remedy: '"auto"',
    when: 'If active data connections can pass',
  },
  lateOrEarlyReply: {
    servers: ['pyftpdlib', 'servers that say 150 after the handshake'],
    behaviour: 'TLS that comes before the command is reset; or the 1xx comes only after TLS.',
    handling:
      'Begins TLS right behind the command; once that was taken amiss, waits half a second for the 1xx first. C-33',
    foundBy: 'behaviour',
    option: 'preliminaryReply',
    remedy: '"ignored"',
    when: 'If the server says 150 only after the handshake',
  },
  saidAhead: {
    servers: ['pyftpdlib', 'servers behind firewalls that follow the dialogue'],
    behaviour:
      'What is said or opened before it is needed ends a transfer, or the session; or the next command is read while data moves.',
    handling: 'Goes on step by step with what the server did not bear, on another session if need be.',
    foundBy: 'behaviour',
    option: 'pipelining',
    remedy: '"never"',
    when: 'If transfers or sessions break',
  },
  listingOptions: {
    servers: ['IIS', 'z/OS', 'devices'],
    behaviour: 'LIST -a is refused or taken for a name; MLSD leaves entries out.',
    handling: 'Says plain LIST once -a was refused or showed nothing. C-45',
    foundBy: 'behaviour',
    option: 'listing',
    remedy: '"plainList"',
    when: 'If the server lists wrongly',
  },
  otherCertificateName: {
    servers: ['cPanel', 'shared hosting'],
    behaviour: "The certificate is for the provider's name, not for the customer's domain.",
    handling: 'Asks for trust like for any certificate that does not verify. C-22',
    foundBy: 'behaviour',
    option: 'tls.servername',
    remedy: '"<its name>"',
    when: "If the name in it is your provider's",
  },
  authMechanism: {
    servers: ['WS_FTP (SSL only)', 'Pure-FTPd (TLS only)'],
    behaviour: 'AUTH knows only one of the words TLS and SSL.',
    handling: 'Says TLS, or SSL where FEAT lists only that, and the other one after a 504. C-8, C-9',
    foundBy: 'behaviour',
    option: 'login.authMechanism',
    remedy: '"SSL"',
    when: 'If the server knows AUTH by another word',
  },
  protectionTiming: {
    servers: ['servers that take PBSZ and PROT only before or only after the login'],
    behaviour: 'PBSZ or PROT at the wrong time is refused by 503, 530 or 550.',
    handling: 'Says them after the login; early ones that were refused again after it. C-13, C-14',
    foundBy: 'behaviour',
    option: 'login.protection',
    remedy: '"beforeLogin"',
    when: 'If the server wants them at another time',
  },
  unresumedTls13: {
    servers: ['servers that demand session reuse, met from a VS Code whose TLS does not resume 1.3'],
    behaviour: 'Data connections that do not resume the TLS session are refused by 425, 450 or 522.',
    handling: 'Tries again with a newer ticket, then connects again with TLS 1.2 at most. C-25',
    foundBy: 'behaviour',
    option: 'tls.maxVersion',
    remedy: '"TLSv1.2"',
    when: 'If the server demands that data connections resume the TLS session',
  },
  slowPassword: {
    servers: ['Pure-FTPd'],
    behaviour: 'The reply to PASS takes seconds, as the password is hashed.',
    handling: 'Waits for it longer than for other replies. C-54',
    foundBy: 'behaviour',
    option: 'timeouts.login',
    remedy: '120',
    when: 'If the server is slow to check passwords',
  },
  legacyNames: {
    servers: ['IIS before OPTS UTF8 ON', 'old Windows servers'],
    behaviour: 'Names are in a legacy character set.',
    handling: 'Says OPTS UTF8 ON, and reads as Latin-1 what is not UTF-8. C-49',
    foundBy: 'behaviour',
    option: 'encoding',
    remedy: '"windows-1252"',
    when: 'If names with umlauts are wrong',
  },
  clearDataOnly: {
    servers: ['servers without protected data'],
    behaviour: 'PROT P is refused for good.',
    handling: 'Gives up the connection before anything is transferred. C-16, C-18',
    foundBy: 'behaviour',
    option: 'requireProtectedData',
    remedy: 'false',
    when: 'If the data may travel in clear',
  },
} as const satisfies Readonly<Record<string, Quirk>>;

export type QuirkName = keyof typeof table;

/** What is known of servers that differ, and what is done about each. It is found by what a server does. */
export const quirks: Readonly<Record<QuirkName, Quirk>> = table;

/** The sentence that names the option, for the error that the quirk causes. */
export function adviceFor(name: QuirkName): string {
  const { option, remedy, when } = quirks[name];
  const [outer, inner] = option.split('.');
  const setting = inner === undefined ? `"${outer}": ${remedy}` : `"${outer}": { "${inner}": ${remedy} }`;
  return `${when}, set ${setting} in the profile.`;
}
