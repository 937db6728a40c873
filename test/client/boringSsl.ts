import { TLSSocket } from 'node:tls';

// How TLS is under VS Code's desktop, where BoringSSL stands in for OpenSSL: the group of the handshake is not told,
// and the tickets of TLS 1.3 come by `session` events alone.

const original = Reflect.get(TLSSocket.prototype, 'getSession');

TLSSocket.prototype.getEphemeralKeyInfo = () => ({});
TLSSocket.prototype.getSession = function getSession(this: TLSSocket) {
  return this.getProtocol() === 'TLSv1.3' ? undefined : Reflect.apply(original, this, []);
};
