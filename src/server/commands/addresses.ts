import { isIPv6 } from 'node:net';
import { formatEpsv, formatPasv, parseEprt, parsePort, type SocketAddress } from '../../protocol/address.ts';
import { UnknownFamilyError } from '../../protocol/errors.ts';
import { targetAtPeer } from '../peerAddress.ts';
import type { Session } from '../session.ts';
import type { Answer, CommandTable } from './command.ts';

const FIRST_UNPRIVILEGED_PORT = 1024;
const ONLY_EPSV: Answer = [503, 'After EPSV ALL there is only EPSV.'];

/** Where the next data connection comes from. S-13: never refused for the level of protection. RFC 959, RFC 2428 */
export const addressCommands: CommandTable = {
  PASV: {
    needsLogin: true,
    run: async (session) => {
      if (session.state.onlyEpsv) return ONLY_EPSV;
      const host = session.channel.localAddress;
      if (isIPv6(host)) return [522, 'PASV is for IPv4; use EPSV (2)'];
      const port = await listen(session);
      return port === undefined ? NO_PORT : [227, `Entering passive mode (${formatPasv({ host, port })}).`];
    },
  },
  EPSV: { needsLogin: true, run: extendedPassive },
  PORT: {
    needsLogin: true,
    needsArgument: true,
    run: (session, argument) => dial(session, () => parsePort(argument)),
  },
  EPRT: {
    needsLogin: true,
    needsArgument: true,
    run: (session, argument) => dial(session, () => parseEprt(argument)),
  },
};

const NO_PORT: Answer = [425, 'No port is free for a data connection.'];

async function extendedPassive(session: Session, argument: string): Promise<Answer> {
  const wanted = argument.trim().toUpperCase();
  if (wanted === 'ALL') {
    session.state.onlyEpsv = true;
    return [200, 'Only EPSV from now on.'];
  }
  const family = isIPv6(session.channel.localAddress) ? '2' : '1';
  // S-20
  if (wanted !== '' && wanted !== family)
    return /^\d+$/.test(wanted) ? [522, `Use (${family})`] : [501, 'EPSV wants 1, 2 or ALL.'];
  const port = await listen(session);
  return port === undefined ? NO_PORT : [229, `Entering extended passive mode ${formatEpsv(port)}`];
}

async function listen(session: Session): Promise<number | undefined> {
  const { channel, settings } = session;
  try {
    return await session.port.listen(channel.localAddress, channel.remoteAddress, settings.passivePorts);
  } catch {
    return undefined;
  }
}

/** S-19: data goes to the client itself, and to no service of its machine. RFC 2577 §3, §8 */
function dial(session: Session, parse: () => SocketAddress): Answer {
  if (session.state.onlyEpsv) return ONLY_EPSV;
  let named: SocketAddress;
  try {
    named = parse();
  } catch (error) {
    return error instanceof UnknownFamilyError
      ? [522, 'That address family is not known; use (1,2)']
      : [501, 'That is no address.'];
  }
  const target = targetAtPeer(named, session.channel.remoteAddress);
  if (!target) return [501, 'Only your own address is allowed.'];
  if (target.port < FIRST_UNPRIVILEGED_PORT) return [501, 'Only ports from 1024 are allowed.'];
  session.port.dial(target);
  return [200, 'The next data connection goes there.'];
}
