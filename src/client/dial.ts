import { connect, type Socket } from 'node:net';
import type { ConnectOptions } from './connectOptions.ts';
import type { Deadlines } from './deadline.ts';
import { asFtpsError, FtpsError } from './errors.ts';

/** Opens the TCP connection of a control connection. @throws FtpsError naming what failed: look-up, refusal, silence. */
export async function dial(
  { host, port, lookup }: ConnectOptions,
  deadlines: Deadlines,
  signal?: AbortSignal,
): Promise<Socket> {
  const socket = connect({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 30_000,
    ...(lookup ? { lookup } : {}),
  });
  const connected = new Promise<Socket>((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) => reject(dialError(error, host, port)));
  });
  return deadlines.bound(connected, {
    limit: 'connect',
    step: 'connect',
    what: `an answer from ${host}:${port}`,
    signal,
    giveUp: () => socket.destroy(),
  });
}

function dialError(error: NodeJS.ErrnoException, host: string, port: number): FtpsError {
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
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
