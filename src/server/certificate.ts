// The X.509 library does not load without it.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** PEM texts of a private key and its certificate. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface AuthorityOptions {
  readonly name?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export interface LeafOptions {
  /** Host names and IP addresses; the first is the common name too. */
  readonly names: readonly string[];
  /** What it may be shown as; 'server' by default. */
  readonly purpose?: 'server' | 'client';
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
/** The longest life that platforms accept of a leaf. */
const LEAF_DAYS = 397;

/** A throw-away certification authority. */
export async function createAuthority(options: AuthorityOptions = {}): Promise<KeyAndCertificate> {
  const keys = await generateKeys();
  const cert = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity(options, AUTHORITY_DAYS),
      name: `CN=${options.name ?? 'FTPS Explorer throw-away CA'}`,
      serialNumber: serialNumber(),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { key: await exportKey(keys.privateKey), cert: `${cert.toString('pem')}\n` };
}

/** A server's or a client's certificate, issued by the authority. */
export async function createLeaf(
  authority: KeyAndCertificate,
  options: LeafOptions,
): Promise<KeyAndCertificate> {
  const keys = await generateKeys();
  const issuer = new X509Certificate(authority.cert);
  const cert = await X509CertificateGenerator.create(
    {
      ...validity(options, LEAF_DAYS),
      subject: subjectOf(options),
      issuer: issuer.subject,
      serialNumber: serialNumber(),
      publicKey: keys.publicKey,
      signingKey: await importKey(authority.key),
      signingAlgorithm: ALGORITHM,
      extensions: leafExtensions(options),
    },
    webcrypto,
  );
  return { key: await exportKey(keys.privateKey), cert: `${cert.toString('pem')}\n` };
}

/** A server's certificate that nobody but itself vouches for. */
export async function createSelfSigned(options: LeafOptions): Promise<KeyAndCertificate> {
  const keys = await generateKeys();
  const cert = await X509CertificateGenerator.createSelfSigned(
    {
      ...validity(options, LEAF_DAYS),
      name: subjectOf(options),
      serialNumber: serialNumber(),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: leafExtensions(options),
    },
    webcrypto,
  );
  return { key: await exportKey(keys.privateKey), cert: `${cert.toString('pem')}\n` };
}

function leafExtensions(options: LeafOptions): Extension[] {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([
      options.purpose === 'client' ? ExtendedKeyUsage.clientAuth : ExtendedKeyUsage.serverAuth,
    ]),
    new SubjectAlternativeNameExtension(
      options.names.map((name) => ({ type: isIP(name) === 0 ? 'dns' : 'ip', value: name })),
    ),
  ];
}

function subjectOf(options: LeafOptions): string {
  return `CN=${options.names[0] ?? 'localhost'}`;
}

function validity(
  options: { readonly notBefore?: Date; readonly notAfter?: Date },
  days: number,
): { notBefore: Date; notAfter: Date } {
  const notBefore = options.notBefore ?? new Date(Date.now() - DAY);
  return { notBefore, notAfter: options.notAfter ?? new Date(notBefore.getTime() + days * DAY) };
}

/** Sixteen random bytes, positive as RFC 5280 §4.1.2.2 wants. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = await webcrypto.subtle.exportKey('pkcs8', key);
  return `${PemConverter.encode(der, 'PRIVATE KEY')}\n`;
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return webcrypto.subtle.importKey('pkcs8', PemConverter.decodeFirst(pem), ALGORITHM, false, ['sign']);
}
