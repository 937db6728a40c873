import type { RemoteError } from '../remote/errors.ts';

/** A certificate that does not verify, as the layers below report it. */
export type CertificateReport = NonNullable<RemoteError['certificate']>;

/** The question put to the person: one sentence, then the facts to compare with what the server's owner says. */
export interface TrustQuestion {
  readonly message: string;
  readonly detail: string;
  /** What the button says that goes on. */
  readonly accept: string;
}

export function trustQuestion(host: string, port: number, certificate: CertificateReport): TrustQuestion {
  const place = `${host}:${port}`;
  if (certificate.problem === 'pinMismatch') {
    return {
      message: `WARNING: ${place} shows another certificate than the one you trusted.`,
      detail: [
        'Somebody may be reading or changing what you send. The password has NOT been sent.',
        'Go on only if you know that the certificate was replaced, and the fingerprint below is the new one.',
        ...facts(certificate),
      ].join('\n\n'),
      accept: 'Trust the New Certificate',
    };
  }
  return {
    message: `The certificate of ${place} cannot be verified.`,
    detail: [
      `${reason(host, certificate)} The password has not been sent.`,
      'Compare the fingerprint with the one its owner tells you.',
      ...facts(certificate),
    ].join('\n\n'),
    accept: 'Trust This Certificate',
  };
}

function facts(certificate: CertificateReport): string[] {
  const lines = [
    `Subject: ${certificate.subject}`,
    `Issuer: ${certificate.issuer}`,
    `Valid: ${certificate.validFrom} to ${certificate.validTo}`,
    `Names: ${certificate.names.join(', ') || 'none'}`,
  ];
  return [lines.join('\n'), `SHA-256:\n${brokenInTwo(certificate.fingerprint)}`];
}

/** 32 pairs of digits are compared more easily in two rows. */
function brokenInTwo(fingerprint: string): string {
  const pairs = fingerprint.split(':');
  return `${pairs.slice(0, 16).join(':')}\n${pairs.slice(16).join(':')}`.trim();
}

function reason(host: string, certificate: CertificateReport): string {
  switch (certificate.problem) {
    case 'selfSigned':
      return 'It is signed by itself, not by an authority that this computer trusts.';
    case 'untrustedIssuer':
      return `Its issuer, ${certificate.issuer}, is not an authority that this computer trusts.`;
    case 'expired':
      return `It expired on ${certificate.validTo}.`;
    case 'notYetValid':
      return `It is not valid before ${certificate.validFrom}.`;
    case 'wrongName':
      return `It is for ${certificate.names.join(', ') || certificate.subject}, not for ${host}.`;
    case 'pinMismatch':
    case 'other':
      return `The check failed: ${certificate.detail}.`;
  }
}
