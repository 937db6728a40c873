import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuthority, createLeaf, createSelfSigned } from '../../src/server/certificate.ts';

describe('a throw-away certificate', () => {
  it('is issued by its authority for names and addresses', async () => {
    const authority = await createAuthority();
    const issuer = new X509Certificate(authority.cert);
    const leaf = new X509Certificate(
      (await createLeaf(authority, { names: ['localhost', '127.0.0.1', '::1'] })).cert,
    );
    expect(issuer.ca).toBe(true);
    expect(leaf.ca).toBe(false);
    expect(leaf.checkIssued(issuer)).toBe(true);
    expect(leaf.verify(issuer.publicKey)).toBe(true);
    expect(leaf.checkHost('localhost')).toBe('localhost');
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(leaf.checkIP('::1')).toBe('::1');
    expect(leaf.checkHost('example.com')).toBeUndefined();
  });

  it('can be one that does not verify: expired, not yet valid, or vouched for by itself', async () => {
    const authority = await createAuthority();
    const day = new Date(Date.UTC(2020, 0, 1));
    const later = new Date(Date.UTC(2020, 0, 2));
    const expired = await createLeaf(authority, { names: ['localhost'], notBefore: day, notAfter: later });
    expect(Date.parse(new X509Certificate(expired.cert).validTo)).toBe(later.getTime());
    const early = await createLeaf(authority, {
      names: ['localhost'],
      notBefore: new Date(Date.UTC(2090, 0, 1)),
    });
    expect(Date.parse(new X509Certificate(early.cert).validFrom)).toBe(Date.UTC(2090, 0, 1));
    const own = new X509Certificate((await createSelfSigned({ names: ['localhost'] })).cert);
    expect(own.verify(own.publicKey)).toBe(true);
    expect(own.subject).toBe(own.issuer);
  });

  it('has a serial number of its own', async () => {
    const authority = await createAuthority();
    const serials = new Set<string>();
    for (let count = 0; count < 20; count += 1) {
      const { serialNumber } = new X509Certificate((await createLeaf(authority, { names: ['a'] })).cert);
      serials.add(serialNumber);
    }
    expect(serials.size).toBe(20);
  });
});
