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
  const groups = halves.map((half, index) => countGroups(half, index === halves.length - 1));
  const count = groups.reduce((sum, group) => sum + group, 0);
  return halves.length === 2 ? count <= 7 : count === 8;
}

/**
 * How many of the eight groups this side of the "::" fills; far too many where it is wrong. The very last of them
 * may be a dotted quad in place of two.
 */
function countGroups(text: string, mayEndInQuad: boolean): number {
  if (text === '') return 0;
  const groups = text.split(':');
  const last = text.slice(text.lastIndexOf(':') + 1);
  const quad = mayEndInQuad && /^[\d.]+$/.test(last) && ipv4Octets(last);
  const hexadecimal = quad ? groups.slice(0, -1) : groups;
  if (!hexadecimal.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return Number.POSITIVE_INFINITY;
  return hexadecimal.length + (quad ? 2 : 0);
}
