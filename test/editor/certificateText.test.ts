import { describe, expect, it } from 'vitest';
import { trustQuestion } from '../../src/editor/certificateText.ts';
import { certificate } from './support/connectionHarness.ts';

describe('the question about a certificate', () => {
  it('shows all that a person needs to decide', () => {
    const { message, detail, accept } = trustQuestion('ftp.example.com', 990, certificate);
    expect(message).toContain('ftp.example.com:990');
    for (const fact of [
      certificate.subject,
      certificate.issuer,
      certificate.validFrom,
      certificate.validTo,
    ]) {
      expect(detail).toContain(fact);
    }
    expect(detail.replaceAll('\n', ':')).toContain(certificate.fingerprint);
    expect(detail).toContain('password has not been sent');
    expect(accept).toBe('Trust This Certificate');
  });

  it.each([
    ['selfSigned', 'signed by itself'],
    ['untrustedIssuer', 'CN=ftp.example.com, is not an authority'],
    ['expired', 'expired on Jan  1 00:00:00 2027 GMT'],
    ['notYetValid', 'not valid before Jan  1 00:00:00 2026 GMT'],
    ['wrongName', 'It is for ftp.example.com, not for 127.0.0.1'],
    ['other', 'The check failed: DEPTH_ZERO_SELF_SIGNED_CERT'],
  ] as const)('says why it does not verify: %s', (problem, words) => {
    expect(trustQuestion('127.0.0.1', 21, { ...certificate, problem }).detail).toContain(words);
  });

  it('is louder when another certificate was trusted before', () => {
    const usual = trustQuestion('ftp.example.com', 21, certificate);
    const loud = trustQuestion('ftp.example.com', 21, { ...certificate, problem: 'pinMismatch' });
    expect(loud.message).toMatch(/^WARNING/);
    expect(loud.message).not.toBe(usual.message);
    expect(loud.detail).toContain('Somebody may be reading or changing');
    expect(loud.accept).toBe('Trust the New Certificate');
  });
});
