import { X509Certificate } from 'node:crypto';

export interface ClientCertificates {
  readonly demand: 'optional' | 'required';
  /** PEM texts of the authorities that vouch for clients. */
  readonly authorities: readonly string[];
  /** USER with the certificate's common name is answered with 232 and needs no PASS; false by default. */
  readonly suffices?: boolean;
}

/** For client authentication. RFC 5280 §4.2.1.12 */
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const LONGEST_CHAIN = 5;

/** Judges what clients show, behind a handshake that lets everything pass. */
export class ClientTrust {
  readonly #options: ClientCertificates | undefined;
  readonly #authorities: readonly X509Certificate[];

  /** @throws Error when an authority is no certificate. */
  constructor(options: ClientCertificates | undefined) {
    this.#options = options;
    this.#authorities = (options?.authorities ?? []).map((pem) => new X509Certificate(pem));
  }

  /** S-10: a client with this certificate, or without any, may stay. */
  accepts(certificate: X509Certificate | undefined, now: number): boolean {
    if (!this.#options) return true;
    if (!certificate) return this.#options.demand === 'optional';
    const { keyUsage } = certificate;
    // The property is undefined for a certificate that is for everything.
    if (Array.isArray(keyUsage) && !keyUsage.includes(CLIENT_AUTHENTICATION)) return false;
    return this.#vouched(certificate, now, LONGEST_CHAIN);
  }

  /** S-17: the certificate stands for the user's password. */
  suffices(certificate: X509Certificate | undefined, user: string): boolean {
    if (this.#options?.suffices !== true || !certificate) return false;
    // Several common names come as an array, and are none.
    return certificate.toLegacyObject().subject.CN === user;
  }

  #vouched(certificate: X509Certificate, now: number, left: number): boolean {
    if (left === 0 || Date.parse(certificate.validFrom) > now || Date.parse(certificate.validTo) < now)
      return false;
    if (this.#authorities.some((authority) => issued(authority, certificate, now))) return true;
    // Intermediate authorities come with the certificate.
    const issuer = certificate.issuerCertificate;
    return issuer !== undefined && issued(issuer, certificate, now) && this.#vouched(issuer, now, left - 1);
  }
}

function issued(authority: X509Certificate, certificate: X509Certificate, now: number): boolean {
  return (
    authority.ca &&
    Date.parse(authority.validFrom) <= now &&
    Date.parse(authority.validTo) >= now &&
    certificate.checkIssued(authority) &&
    certificate.verify(authority.publicKey)
  );
}
