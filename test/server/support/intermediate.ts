import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  PemConverter,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { createLeaf, type KeyAndCertificate } from '../../../src/server/certificate.ts';

/** What another authority vouches for: an authority too, or what only signs as if it were one. */
export async function createIntermediate(
  authority: KeyAndCertificate,
  isAuthority: boolean,
): Promise<KeyAndCertificate> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  // A key and a time of life like any other; only the extensions differ.
  const { key, cert } = await createLeaf(authority, { names: ['between'] });
  const leaf = new X509Certificate(cert);
  const signingKey = await webcrypto.subtle.importKey(
    'pkcs8',
    PemConverter.decodeFirst(authority.key),
    algorithm,
    false,
    ['sign'],
  );
  const between = await X509CertificateGenerator.create(
    {
      subject: 'CN=between',
      issuer: new X509Certificate(authority.cert).subject,
      serialNumber: '0b',
      notBefore: leaf.notBefore,
      notAfter: leaf.notAfter,
      publicKey: leaf.publicKey,
      signingKey,
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(isAuthority, undefined, true)],
    },
    webcrypto,
  );
  return { key, cert: `${between.toString('pem')}\n` };
}
