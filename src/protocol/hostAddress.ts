/** The four octets of a dotted quad, or of an IPv6 address that only wraps one ("::ffff:127.0.0.1"). */
export function ipv4Octets(host: string): readonly number[] | undefined {
  const quad = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(host);
  const octets = quad?.slice(1).map(Number);
  return octets?.every((octet) => octet <= 255) ? octets : undefined;
}

/** Whether the text is an IPv6 address, without zone and brackets. RFC 4291 §2.2 */
export function isIpv6(host: string): boolean {
  if (!/^[0-9a-f:.]{2,45}$/i.test(host)) return false;
  const halves = host.split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half) => countGroups(half));
  const count = groups.reduce((sum, group) => sum + group, 0);
  return halves.length === 2 ? count <= 7 : count === 8;
}

/** How many of the eight groups the text between two colons fills; far too many where it is wrong. */
function countGroups(text: string): number {
  if (text === '') return 0;
  const pieces = text.split(':');
  const last = pieces.pop() ?? '';
  if (!pieces.every((piece) => /^[0-9a-f]{1,4}$/i.test(piece))) return Number.POSITIVE_INFINITY;
  if (/^[0-9a-f]{1,4}$/i.test(last)) return pieces.length + 1;
  return /^[0-9.]+$/.test(last) && ipv4Octets(last) !== undefined
    ? pieces.length + 2
    : Number.POSITIVE_INFINITY;
}
