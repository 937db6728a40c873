import { isIPv6 } from 'node:net';
import type { SocketAddress } from '../protocol/address.ts';

/** An IPv4 peer on an IPv6 listener is written as IPv4. */
export function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}

/**
 * Where to connect when a client names its own address, in whatever form; undefined when it names another. A link-local
 * address means nothing without its zone, and that is ours: the address is taken as the control connection knows it.
 */
export function targetAtPeer(named: SocketAddress, peer: string): SocketAddress | undefined {
  return canonical(named.host) === canonical(peer) ? { host: peer, port: named.port } : undefined;
}

/** One spelling for every form of an IPv6 address, without its zone. */
function canonical(host: string): string {
  return isIPv6(host) ? new URL(`http://[${host.replace(/%.*$/, '')}]`).hostname : host;
}
