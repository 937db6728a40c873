import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import * as nodeTls from 'node:tls';
import type { TlsVersion } from './connectOptions.ts';

// All that the client relies on of `node:tls`, which is OpenSSL in Node and BoringSSL in VS Code's desktop. Nothing
// here is of one of them alone: no security levels, no SSL_OP_ constants, no matching on the texts or codes of errors. Of
// curve names there are P-256 and X25519 alone, which both know, but for a list of key shares that may be refused.
// getEphemeralKeyInfo() tells nothing under BoringSSL: nothing depends on it, it may save a round trip. getSession() is
// asked under TLS 1.2 only: BoringSSL hands out the tickets of TLS 1.3 by `session` events alone.

/** What is called on a TLS connection. `isSessionReused` is right at `secureConnect`, and null once it is closed. */
export interface SecureStream
  extends Duplex,
    Pick<
      nodeTls.TLSSocket,
      'authorized' | 'authorizationError' | 'getProtocol' | 'getCipher' | 'isSessionReused'
    > {
  /** Empty on a resumed connection. */
  getPeerCertificate(): PeerCertificate;
}

/** What is read of a certificate. */
export type PeerCertificate = Partial<
  Pick<
    nodeTls.PeerCertificate,
    'subject' | 'issuer' | 'subjectaltname' | 'valid_from' | 'valid_to' | 'fingerprint256'
  >
>;

export type SecureContext = nodeTls.SecureContext;

/** The options of a context: bounds, and what this end shows of itself. */
export interface ContextOptions {
  readonly minVersion: TlsVersion;
  readonly maxVersion?: TlsVersion;
  readonly cert?: string;
  readonly key?: string;
  readonly pfx?: Buffer;
  readonly passphrase?: string;
  /** The group whose key share goes first, before the other that both libraries know; no others are offered then. */
  readonly firstGroup?: KeyExchangeGroup;
}

/** The groups that both libraries know. */
export type KeyExchangeGroup = 'P-256' | 'X25519';

/** The options of one handshake. */
export interface HandshakeOptions {
  readonly socket: Duplex;
  /** With `servername` the identity that Node ties sessions to. */
  readonly host: string;
  readonly servername?: string;
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: boolean;
  readonly checkServerIdentity: (host: string, certificate: nodeTls.PeerCertificate) => Error | undefined;
  readonly session?: Buffer;
}

/** Node's SecureContext has had this since its first version; its types do not tell. */
interface NativeContext {
  addCACert?(pem: string): void;
}

/**
 * @param authorities PEM texts. They are added to the default ones, not put in their place: the default store carries
 * the system's and, in VS Code, the company's
 * @throws Error when certificate, key or passphrase cannot be used
 */
export function createContext(options: ContextOptions, authorities: readonly string[]): SecureContext {
  const { firstGroup, ...settings } = options;
  const context = firstGroup
    ? nodeTls.createSecureContext({ ...settings, ecdhCurve: bothGroups(firstGroup) })
    : offerShares(settings);
  const native: NativeContext = context.context;
  for (const pem of authorities) native.addCACert?.(pem);
  return context;
}

function bothGroups(first: KeyExchangeGroup): string {
  return `${first}:${first === 'X25519' ? 'P-256' : 'X25519'}`;
}

/**
 * What OpenSSL offers by itself, with one key share more: that of P-256, which is all that vsftpd has, and which else
 * costs a round trip. Libraries that send no more than one share refuse the list, and are left as they are.
 */
function offerShares(settings: nodeTls.SecureContextOptions): SecureContext {
  try {
    return nodeTls.createSecureContext({ ...settings, ecdhCurve: manyShares });
  } catch {
    return nodeTls.createSecureContext(settings);
  }
}

/** `*` asks for a key share, `?` lets a group be unknown: OpenSSL 3.5, SSL_CTX_set1_groups_list(3). */
const manyShares = '?*X25519MLKEM768:?*X25519:?*P-256:?X448:?P-384:?P-521:?ffdhe2048:?ffdhe3072';

/** Begins a handshake as client; listeners must be attached in the same turn. */
export function connectTls(options: HandshakeOptions): SecureStream {
  return nodeTls.connect(options);
}

/** The session of a TLS 1.2 connection, complete with its handshake; undefined under TLS 1.3, where events tell. */
export function completeSession(stream: SecureStream): Buffer | undefined {
  if (!(stream instanceof nodeTls.TLSSocket) || stream.getProtocol() !== 'TLSv1.2') return undefined;
  return stream.getSession();
}

/**
 * The group that the server chose, or on which the one rests that it chose, where the library tells; under TLS 1.3 alone,
 * where a key share of another group costs a round trip.
 */
export function chosenGroup(stream: SecureStream): KeyExchangeGroup | undefined {
  if (!(stream instanceof nodeTls.TLSSocket) || stream.getProtocol() !== 'TLSv1.3') return undefined;
  const told: unknown = stream.getEphemeralKeyInfo();
  const name = typeof told === 'object' && told !== null && 'name' in told ? told.name : undefined;
  if (name === 'prime256v1' || name === 'P-256') return 'P-256';
  return name === 'X25519' || name === 'X25519MLKEM768' ? 'X25519' : undefined;
}

/** Whether the alternative names of a certificate cover the host; its common name does not count. C-22 */
export function checkNames(host: string, certificate: nodeTls.PeerCertificate): Error | undefined {
  const { subjectaltname = '', subject } = certificate;
  // Node 22.23 finds no IPv6 address in any certificate. What is quoted may hold anything: that is left to Node.
  if (isIPv6(host) && !subjectaltname.includes('"') && listsAddress(subjectaltname, host)) return undefined;
  return nodeTls.checkServerIdentity(host, { ...certificate, subject: { ...subject, CN: '' } });
}

function listsAddress(names: string, host: string): boolean {
  const label = 'IP Address:';
  const addresses = names.split(', ').filter((name) => name.startsWith(label));
  return addresses.some((name) => shortest(name.slice(label.length)) === shortest(host));
}

/** An IPv6 address has many spellings; those of other addresses stay as they are. */
function shortest(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname : address;
}
