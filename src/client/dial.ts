import { connect, isIP, type Socket } from 'node:net';
import type { ConnectOptions } from './connectOptions.ts';
import type { Deadlines } from './deadline.ts';
import { asFtpsError, FtpsError, reasonOf } from './errors.ts';

/** Opens the TCP connection of a control connection. @throws FtpsError naming what failed: look-up, refusal, silence. */
export async function dial(
  options: ConnectOptions,
  deadlines: Deadlines,
  signal?: AbortSignal,
): Promise<Socket> {
  const { host, port } = options;
  const socket = open(options);
  let found = isIP(host) !== 0;
  socket.once('lookup', () => {
    found = true;
  });
  const connected = new Promise<Socket>((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) => reject(dialError(error, host, port)));
  });
  return deadlines.bound(connected, {
    limit: 'connect',
    get step() {
      return found ? 'connect' : 'resolve';
    },
    get what() {
      return found ? `an answer from ${host}:${port}` : `an address of ${host}`;
    },
    signal,
    giveUp: () => socket.destroy(),
  });
}

function open({ host, port, lookup }: ConnectOptions): Socket {
  try {
    return connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
      ...(lookup ? { lookup } : {}),
    });
  } catch (cause) {
    const message = `There can be no connection to ${JSON.stringify(host)} on port ${port}: ${reasonOf(cause)}.`;
    throw new FtpsError('invalidArgument', 'connect', message, { cause });
  }
}

function dialError(error: NodeJS.ErrnoException, host: string, port: number): FtpsError {
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'ENODATA':
      return new FtpsError(
        'unknownHost',
        'resolve',
        `The host name ${host} could not be found (${error.code}). Check its spelling and your network.`,
        { cause: error },
      );
    case 'ECONNREFUSED':
      return new FtpsError(
        'connectionRefused',
        'connect',
        `${host} refuses connections on port ${port}. Check the port (21 explicit, 990 implicit) and that the server runs.`,
        { cause: error },
      );
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new FtpsError(
        'unreachable',
        'connect',
        `${host}:${port} cannot be reached (${error.code}). Check your network and any firewall or VPN.`,
        { cause: error },
      );
    default:
      return asFtpsError(error, 'connect', `connecting to ${host}:${port}`);
  }
}
