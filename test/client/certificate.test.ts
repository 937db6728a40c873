import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { certificateProblem, describeProblem } from '../../src/client/certificate.ts';
import type { SecureStream } from '../../src/client/tlsPlatform.ts';

/** A connection whose verifier says this, of a certificate that tells this. */
function streamOf(authorizationError: unknown, certificate: object): SecureStream {
  const facts = {
    authorized: false,
    authorizationError,
    getPeerCertificate: () => certificate,
    getProtocol: () => 'TLSv1.3',
    getCipher: () => undefined,
    isSessionReused: () => false,
  };
  return Object.assign(new PassThrough(), facts) as unknown as SecureStream;
}

describe('the report on a certificate', () => {
  it('C-22: has room for a verdict that nobody expected, and for a certificate that tells nothing', () => {
    const report = certificateProblem(streamOf('PATH_LENGTH_EXCEEDED', {}), undefined);
    expect(report).toEqual({
      subject: '',
      issuer: '',
      validFrom: '',
      validTo: '',
      names: [],
      fingerprint: '',
      problem: 'other',
      detail: 'PATH_LENGTH_EXCEEDED',
    });
    if (report) expect(describeProblem(report, 'a.example')).toContain('PATH_LENGTH_EXCEEDED');
  });

  it('C-22: has room for no verdict at all, which is not trust', () => {
    const certificate = { subject: { O: ['one', 'two'], CN: 'x' }, fingerprint256: 'AA:BB' };
    const report = certificateProblem(streamOf(undefined, certificate), undefined);
    expect(report).toMatchObject({ subject: 'O=one+two, CN=x', problem: 'other', detail: 'unknown' });
  });
});
