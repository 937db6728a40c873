import { connect, isIPv6 } from 'node:net';
import { parseEpsv, parsePasv, type SocketAddress } from '../protocol/address.ts';
import type { Reply } from '../protocol/reply.ts';
import type { DataRoute } from './dataRoute.ts';
import { aborted, firstLine, FtpsError, lineReason, quoted, refusal } from './errors.ts';
import { levelRefusal } from './levelRefusal.ts';
import { adviceFor } from './quirks.ts';
import type { Session } from './session.ts';

/** Replies by which a server says that it has no EPSV, or none for this family. RFC 2428 §3, C-31 */
const noExtendedPassive: ReadonlySet<number> = new Set([500, 501, 502, 522, 550]);

const step = 'dataConnect';

/** Asks for a port and connects to it. @throws FtpsError at step `dataConnect` */
export async function openPassive(session: Session, signal?: AbortSignal): Promise<DataRoute> {
  const { control, options, deadlines } = session;
  const offered = await passiveAddress(session);
  if (signal?.aborted) throw aborted(step, signal);
  // C-30: only the port is the server's to choose; the address is the control connection's.
  const host = options.passiveAddress === 'announced' ? offered.host : control.remoteAddress;
  const { port } = offered;
  const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
  const connected = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (error) => reject(connectError(error, host, offered)));
  });
  socket.on('error', () => {});
  await deadlines.bound(connected, {
    limit: 'dataConnect',
    step,
    what: `a data connection to ${host}:${port}`,
    signal,
    giveUp: () => socket.destroy(),
  });
  return { connected: async () => socket, abandon: () => void socket.destroy() };
}

async function passiveAddress(session: Session): Promise<SocketAddress> {
  const { control, traits } = session;
  const ipv6 = isIPv6(control.remoteAddress);
  const command = passiveCommand(session, ipv6);
  if (command === 'EPSV' || (command === 'auto' && (traits.extendedPassive || ipv6))) {
    const reply = await control.send('EPSV', undefined, { step });
    if (reply.code === 229)
      return parsed(reply, ({ text, host }) => ({ host, port: parseEpsv(text) }), session);
    const fallback = command === 'auto' && noExtendedPassive.has(reply.code) && !ipv6;
    if (!fallback) throw passiveRefusal(session, reply);
    traits.extendedPassive = false;
  }
  const reply = await control.send('PASV', undefined, { step });
  if (reply.code !== 227) throw passiveRefusal(session, reply);
  return parsed(reply, ({ text }) => parsePasv(text), session);
}

function passiveCommand({ options }: Session, ipv6: boolean): 'auto' | 'EPSV' | 'PASV' {
  // EPSV names no host, and PASV none of IPv6.
  if (options.passiveAddress === 'announced' && !ipv6) return 'PASV';
  return options.passiveCommand ?? 'auto';
}

function passiveRefusal(session: Session, reply: Reply): FtpsError {
  return levelRefusal(session, reply) ?? refusal(step, 'a data connection', reply);
}

interface Named {
  readonly text: string;
  /** What is meant where the reply names no host. */
  readonly host: string;
}

function parsed(reply: Reply, parse: (named: Named) => SocketAddress, session: Session): SocketAddress {
  try {
    return parse({ text: firstLine(reply), host: session.control.remoteAddress });
  } catch (error) {
    const message = `The server named no usable data port: ${quoted(reply)}. ${adviceFor('noExtendedPassive')}`;
    throw new FtpsError('protocol', step, message, { reply, cause: error });
  }
}

function connectError(error: Error, host: string, offered: SocketAddress): FtpsError {
  const hint =
    host === offered.host
      ? adviceFor('passiveUnreachable')
      : `The server named ${offered.host} instead. ${adviceFor('foreignPassiveAddress')}`;
  const message = `The data connection to ${host}:${offered.port} failed: ${lineReason(error)}. The server's passive port range may be closed in a firewall. ${hint}`;
  return new FtpsError('dataConnection', step, message, { cause: error });
}
