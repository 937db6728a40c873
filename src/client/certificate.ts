import type { PeerCertificate, SecureStream } from './tlsPlatform.ts';

type CertificateProblem =
  | 'selfSigned'
  | 'untrustedIssuer'
  | 'expired'
  | 'notYetValid'
  | 'wrongName'
  | 'pinMismatch'
  | 'other';

/** What a person needs to see to decide whether to trust a certificate. */
export interface CertificateReport {
  readonly subject: string;
  readonly issuer: string;
  /** As the certificate prints it, for example `Jan 15 12:00:00 2026 GMT`. */
  readonly validFrom: string;
  readonly validTo: string;
  /** Subject alternative names, without their type. */
  readonly names: readonly string[];
  /** SHA-256 of the leaf, `AA:BB:…`. */
  readonly fingerprint: string;
  readonly problem: CertificateProblem;
  /** The verifier's own words. */
  readonly detail: string;
}

/** Verdicts of OpenSSL and BoringSSL as Node names them; what is not listed is reported as `other`. */
const problems: Readonly<Record<string, CertificateProblem>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'selfSigned',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrustedIssuer',
  UNABLE_TO_GET_ISSUER_CERT: 'untrustedIssuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrustedIssuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrustedIssuer',
  CERT_UNTRUSTED: 'untrustedIssuer',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'notYetValid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrongName',
};

/**
 * Judges the certificate of a full handshake. C-22
 * @returns undefined when it verifies, or is the pinned one.
 */
export function certificateProblem(
  stream: SecureStream,
  pin: string | undefined,
): CertificateReport | undefined {
  const certificate = stream.getPeerCertificate();
  if (pin !== undefined && sameFingerprint(certificate.fingerprint256, pin)) return undefined;
  if (stream.authorized) return undefined;
  const code = String(stream.authorizationError ?? 'unknown');
  const problem = pin === undefined ? (problems[code] ?? 'other') : 'pinMismatch';
  return report(certificate, problem, code);
}

export function sameFingerprint(a: string | undefined, b: string): boolean {
  return a !== undefined && plain(a) === plain(b);
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toUpperCase();
}

function report(
  certificate: PeerCertificate,
  problem: CertificateProblem,
  detail: string,
): CertificateReport {
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    validFrom: certificate.valid_from ?? '',
    validTo: certificate.valid_to ?? '',
    names: alternativeNames(certificate.subjectaltname),
    fingerprint: certificate.fingerprint256 ?? '',
    problem,
    detail,
  };
}

function distinguishedName(name: object | undefined): string {
  return Object.entries(name ?? {})
    .map(([key, value]) => `${key}=${Array.isArray(value) ? value.join('+') : String(value)}`)
    .join(', ');
}

function alternativeNames(text: string | undefined): string[] {
  return (text ?? '')
    .split(', ')
    .filter((name) => name !== '')
    .map((name) => name.replace(/^[^:]*:/, ''));
}

/** Why a certificate does not verify, in words for the person who decides. */
export function describeProblem(report: CertificateReport, host: string): string {
  switch (report.problem) {
    case 'selfSigned':
      return 'it is signed by itself, not by an authority this computer trusts';
    case 'untrustedIssuer':
      return `its issuer (${report.issuer}) is not an authority this computer trusts`;
    case 'expired':
      return `it expired on ${report.validTo}`;
    case 'notYetValid':
      return `it is not valid before ${report.validFrom}`;
    case 'wrongName':
      return `it is for ${report.names.join(', ') || report.subject}, not for ${host}`;
    case 'pinMismatch':
      return 'it is not the certificate that was trusted for this server before';
    case 'other':
      return `verification failed (${report.detail})`;
  }
}
