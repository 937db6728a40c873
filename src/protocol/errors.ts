/** The other side, or the argument of a caller, broke the rules of the protocol. */
export class ProtocolError extends Error {
  override readonly name: string = 'ProtocolError';
}

/** An EPRT names an address family other than 1 (IPv4) and 2 (IPv6). Answered with 522. RFC 2428 §2 */
export class UnknownFamilyError extends ProtocolError {
  override readonly name = 'UnknownFamilyError';
}
