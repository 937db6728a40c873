import { describe, expect, it } from 'vitest';
import { plainAddress, targetAtPeer } from '../../src/server/peerAddress.ts';

describe('the address of a client', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['fe80::1:2:3', 'fe80::1:2:3%eth0'],
    ['fe80:0:0:0::1:2:3', 'fe80::1:2:3%eth0'],
    ['fe80::1:2:3%lan', 'fe80::1:2:3%eth0'],
  ])('S-19: is its own when it writes %s as %s, and is dialled with our zone', (host, peer) => {
    expect(targetAtPeer({ host, port: 50_000 }, peer)).toEqual({ host: peer, port: 50_000 });
  });

  it.each([
    ['127.0.0.2', '127.0.0.1'],
    ['::1', '127.0.0.1'],
    ['::2', '::1'],
    ['fe80::1:2:4', 'fe80::1:2:3%eth0'],
    ['%eth0', 'fe80::1:2:3%eth0'],
    ['localhost', '127.0.0.1'],
    ['', '127.0.0.1'],
  ])('S-19: is not %j for the client %s', (host, peer) => {
    expect(targetAtPeer({ host, port: 50_000 }, peer)).toBeUndefined();
  });

  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:1', '::ffff:1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    [undefined, ''],
  ])('is %s written as %j, since a listener for both families wraps IPv4', (address, plain) => {
    expect(plainAddress(address)).toBe(plain);
  });
});
