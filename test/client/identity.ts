import { X509Certificate } from 'node:crypto';
import { createAuthority, createLeaf, createSelfSigned } from '../../src/server/certificate.ts';

export const authority = await createAuthority();
/** What a server on the loopback interface shows; `authority` vouches for it. */
export const identity = await createLeaf(authority, { names: ['127.0.0.1', 'localhost'] });
export const selfSigned = await createSelfSigned({ names: ['127.0.0.1'] });

export function fingerprintOf({ cert }: { readonly cert: string }): string {
  return new X509Certificate(cert).fingerprint256;
}
