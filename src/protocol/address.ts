import { ProtocolError, UnknownFamilyError } from './errors.ts';
import { ipv4Octets, isIpv6 } from './hostAddress.ts';

/** Where a data connection goes. */
export interface SocketAddress {
  /** A dotted quad, or the text of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

/** Reads the text of a 227, with or without parentheses. @throws ProtocolError. RFC 1123 §4.1.2.6 */
export function parsePasv(text: string): SocketAddress {
  const numbers = /(?<![\d,])(\d{1,3}(?: ?, ?\d{1,3}){5})(?!\d| ?,)/.exec(text)?.[1];
  if (numbers === undefined) throw new ProtocolError('the reply to PASV names no address');
  return readSixNumbers(numbers, 'the reply to PASV');
}

/** "127,0,0,1,200,5". @throws ProtocolError unless the host is IPv4 */
export function formatPasv(address: SocketAddress): string {
  const octets = ipv4Octets(address.host);
  if (octets === undefined) throw new ProtocolError(`${address.host} is no IPv4 address`);
  const port = checkPort(address.port, 'the address');
  return [...octets, Math.floor(port / 256), port % 256].join(',');
}

/** Reads the argument of PORT. Which hosts and ports are allowed is not decided here. @throws ProtocolError */
export function parsePort(argument: string): SocketAddress {
  const numbers = argument.trim();
  if (!/^\d{1,3}(?:,\d{1,3}){5}$/.test(numbers)) throw new ProtocolError('PORT takes six numbers');
  return readSixNumbers(numbers, 'the argument of PORT');
}

/** The argument of PORT. @throws ProtocolError unless the host is IPv4 */
export function formatPort(address: SocketAddress): string {
  return formatPasv(address);
}

/** Reads the port from the text of a 229; only the port counts. @throws ProtocolError. RFC 2428 §3 */
export function parseEpsv(text: string): number {
  // C-31: the delimiter is any printable character. Some servers fill in family and host: these are passed over.
  const port =
    /\(([\x21-\x7e])\1\1(\d{1,5})\1\)/.exec(text)?.[2] ??
    /\(([\x21-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e])[12]?\1[\da-f.:]{0,45}\1(\d{1,5})\1\)/i.exec(text)?.[2];
  if (port === undefined) throw new ProtocolError('the reply to EPSV names no port');
  return checkPort(Number(port), 'the reply to EPSV');
}

/** "(|||50000|)". @throws ProtocolError when that is no port */
export function formatEpsv(port: number): string {
  return `(|||${checkPort(port, 'the address')}|)`;
}

/** Reads the argument of EPRT. @throws UnknownFamilyError past 1 and 2, else ProtocolError. RFC 2428 §2 */
export function parseEprt(argument: string): SocketAddress & { readonly family: 1 | 2 } {
  const text = argument.trim();
  const delimiter = text.charAt(0);
  const [before, family, host, port, after, ...more] = delimiter === '' ? [] : text.split(delimiter);
  if (!/^[\x21-\x7e]$/.test(delimiter) || before !== '' || after !== '' || more.length > 0) {
    throw new ProtocolError('EPRT takes family, host and port between delimiters');
  }
  if (family === undefined || host === undefined || !/^\d{1,5}$/.test(family)) {
    throw new ProtocolError('the argument of EPRT names no address family');
  }
  if (Number(family) !== 1 && Number(family) !== 2) {
    throw new UnknownFamilyError(`${family} is no known address family`);
  }
  const isIpv4 = Number(family) === 1;
  if (isIpv4 ? host.includes(':') || ipv4Octets(host) === undefined : !isIpv6(host)) {
    throw new ProtocolError('the argument of EPRT names no host');
  }
  if (port === undefined || !/^\d{1,5}$/.test(port)) {
    throw new ProtocolError('the argument of EPRT names no port');
  }
  return { family: isIpv4 ? 1 : 2, host, port: checkPort(Number(port), 'the argument of EPRT') };
}

/** The argument of EPRT; the zone of an IPv6 address stays at home. @throws ProtocolError */
export function formatEprt(address: SocketAddress): string {
  const port = checkPort(address.port, 'the address');
  const octets = ipv4Octets(address.host);
  if (octets !== undefined) return `|1|${octets.join('.')}|${port}|`;
  const host = address.host.replace(/%.*$/, '');
  if (!isIpv6(host)) throw new ProtocolError(`${address.host} is no IP address`);
  return `|2|${host}|${port}|`;
}

function readSixNumbers(text: string, source: string): SocketAddress {
  const numbers = text.split(',').map(Number);
  if (numbers.some((number) => number > 255)) throw new ProtocolError(`${source} has a number above 255`);
  const [high = 0, low = 0] = numbers.slice(4);
  return { host: numbers.slice(0, 4).join('.'), port: checkPort(high * 256 + low, source) };
}

function checkPort(port: number, source: string): number {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new ProtocolError(`${source} has port ${port}, which is no port`);
  }
  return port;
}
