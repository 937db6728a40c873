import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { certificateProblem, describeProblem } from '../../src/client/certificate.ts';
import { checkNames, type PeerCertificate, type SecureStream } from '../../src/client/tlsPlatform.ts';

function names(more: Record<string, string | string[]> = {}) {
  return { C: '', ST: '', L: '', O: '', OU: '', CN: '', ...more };
}

const emptyCertificate = {
  ca: false,
  raw: Buffer.alloc(0),
  subject: names({ CN: '::1' }),
  issuer: names(),
  valid_from: '',
  valid_to: '',
  serialNumber: '',
  fingerprint: '',
  fingerprint256: '',
  fingerprint512: '',
};

/** A connection whose verifier says this, of a certificate that tells this. */
class JudgedStream extends PassThrough implements SecureStream {
  readonly authorized = false;
  readonly authorizationError: Error;
  readonly #certificate: PeerCertificate;

  constructor(verdict: Error, certificate: PeerCertificate) {
    super();
    this.authorizationError = verdict;
    this.#certificate = certificate;
  }

  getPeerCertificate(): PeerCertificate {
    return this.#certificate;
  }

  getProtocol(): string {
    return 'TLSv1.3';
  }

  getCipher() {
    return { name: '', version: '', standardName: '' };
  }

  isSessionReused(): boolean {
    return false;
  }
}

describe('the report on a certificate', () => {
  it('C-22: has room for a verdict that nobody expected, and for a certificate that tells nothing', () => {
    const report = certificateProblem(new JudgedStream(new Error('path too long'), {}), undefined);
    expect(report).toEqual({
      subject: '',
      issuer: '',
      validFrom: '',
      validTo: '',
      names: [],
      fingerprint: '',
      problem: 'other',
      detail: 'Error: path too long',
    });
    if (report) expect(describeProblem(report, 'a.example')).toContain('path too long');
  });

  it('C-22: tells names of several parts, and pins whatever the verdict is', () => {
    const certificate = { subject: names({ O: ['one', 'two'], CN: 'x' }), fingerprint256: 'AA:BB' };
    const stream = new JudgedStream(new Error('path too long'), certificate);
    expect(certificateProblem(stream, undefined)).toMatchObject({
      subject: expect.stringMatching(/O=one\+two,.* CN=x$/),
    });
    expect(certificateProblem(stream, 'aabb')).toBeUndefined();
  });
});

describe('an address among the names of a certificate', () => {
  it.each([
    ['::1', 'IP Address:0:0:0:0:0:0:0:1', true],
    ['2001:db8::5', 'DNS:a.example, IP Address:2001:DB8:0:0:0:0:0:5', true],
    ['fe80::1%eth0', 'IP Address:FE80:0:0:0:0:0:0:1', true],
    ['::1', 'IP Address:0:0:0:0:0:0:0:2', false],
    ['::1', 'IP Address:127.0.0.1', false],
    ['::1', 'DNS:"a, IP Address:::1"', false],
    ['::1', '', false],
    ['127.0.0.1', 'IP Address:127.0.0.1', true],
    ['127.0.0.1', 'IP Address:127.0.0.2', false],
  ])('C-22: covers %s or not: %s', (host, subjectaltname, covered) => {
    const error = checkNames(host, { ...emptyCertificate, subjectaltname });
    expect(error === undefined).toBe(covered);
  });
});
