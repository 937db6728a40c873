import { isIPv6, type Socket } from 'node:net';
import { parseEpsv, parsePasv, type SocketAddress } from '../protocol/address.ts';
import type { Reply } from '../protocol/reply.ts';
import type { DataRoute } from './dataRoute.ts';
import { DataSocket } from './dataSocket.ts';
import { aborted, firstLine, FtpsError, lineReason, quoted, refusal } from './errors.ts';
import { insist } from './insist.ts';
import { levelRefusal } from './levelRefusal.ts';
import { adviceFor } from './quirks.ts';
import type { Session } from './session.ts';

/** Replies by which a server says that it has no EPSV, or none for this family. RFC 2428 §3, C-31 */
const noExtendedPassive: ReadonlySet<number> = new Set([500, 501, 502, 522, 550]);

const step = 'dataConnect';

/** Whether the next data connection is tried as a passive one. */
export function isPassive({ options, traits }: Session): boolean {
  const { dataMode = 'passive' } = options;
  return dataMode === 'passive' || (dataMode === 'auto' && !traits.active);
}

/** Asks for a port and connects to it. @throws FtpsError at step `dataConnect` */
export async function openPassive(session: Session, signal?: AbortSignal): Promise<DataRoute> {
  const offered = await passiveAddress(session);
  if (signal?.aborted) throw aborted(step, signal);
  const socket = await dialPassive(session, offered, signal);
  return { connected: async () => socket, abandon: () => void socket.destroy() };
}

/** Connects to a port that the server named. @throws FtpsError at step `dataConnect` */
export async function dialPassive(
  { control, options, deadlines }: Session,
  offered: SocketAddress,
  signal?: AbortSignal,
): Promise<Socket> {
  // C-30: only the port is the server's to choose; the address is the control connection's.
  const host = options.passiveAddress === 'announced' ? offered.host : control.remoteAddress;
  const { port } = offered;
  const socket = new DataSocket();
  socket.connect({ host, port });
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
  return socket;
}

async function passiveAddress(session: Session): Promise<SocketAddress> {
  if (passiveCommand(session) === 'EPSV') {
    const reply = await askForPort(session, 'EPSV');
    if (reply.code === 229) return namedAddress(session, reply);
    if (!mayFallBack(session, reply)) throw passiveRefusal(session, reply);
    session.traits.extendedPassive = false;
  }
  const reply = await askForPort(session, 'PASV');
  if (reply.code !== 227) throw passiveRefusal(session, reply);
  return namedAddress(session, reply);
}

/** A transient refusal counts only when it is repeated: two processes of a server may have bound the same port. */
function askForPort(session: Session, verb: 'EPSV' | 'PASV'): Promise<Reply> {
  return insist(session, verb, undefined, { step });
}

/** The command by which a port is asked for now. EPSV names no host, and PASV none of IPv6. */
export function passiveCommand({ options, control, traits }: Session): 'EPSV' | 'PASV' {
  const { passiveAddress: address, passiveCommand: chosen = 'auto' } = options;
  const ipv6 = isIPv6(control.remoteAddress);
  if (address === 'announced' && !ipv6) return 'PASV';
  if (chosen !== 'auto') return chosen;
  return traits.extendedPassive || ipv6 ? 'EPSV' : 'PASV';
}

function mayFallBack({ options, control }: Session, reply: Reply): boolean {
  const isFree = (options.passiveCommand ?? 'auto') === 'auto' && !isIPv6(control.remoteAddress);
  return isFree && noExtendedPassive.has(reply.code);
}

function passiveRefusal(session: Session, reply: Reply): FtpsError {
  return levelRefusal(session, reply) ?? refusal(step, 'a data connection', reply);
}

/** Where a 229 or 227 says that the server listens. @throws FtpsError `protocol` */
export function namedAddress(session: Session, reply: Reply): SocketAddress {
  const text = firstLine(reply);
  try {
    if (reply.code !== 229) return parsePasv(text);
    // EPSV names no host: the control connection's is meant.
    return { host: session.control.remoteAddress, port: parseEpsv(text) };
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
