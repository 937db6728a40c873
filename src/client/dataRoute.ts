import type { Socket } from 'node:net';
import { openActive } from './activeRoute.ts';
import { FtpsError } from './errors.ts';
import { isPassive, openPassive } from './passiveRoute.ts';
import { takePrepared } from './preparedRoute.ts';
import type { ServerTraits } from './serverTraits.ts';
import type { Session } from './session.ts';

/** How one data connection comes about: dialled by this end, or by the server. */
export interface DataRoute {
  /** The TCP connection; the server opens an active one only once the transfer command is said. C-32 */
  connected(signal?: AbortSignal): Promise<Socket>;
  /** Lets go of whatever there is. @param reason what the transfer has failed with, if it has */
  abandon(reason?: unknown): void;
  /** Whether it was opened ahead of the transfer, and may have rested. */
  readonly isPrepared?: boolean;
}

/** Agrees with the server on the way that a data connection takes. @throws FtpsError at step `dataConnect` */
export async function openRoute(session: Session, signal?: AbortSignal): Promise<DataRoute> {
  const isAuto = session.options.dataMode === 'auto';
  try {
    const prepared = await takePrepared(session, signal);
    if (prepared) return prepared;
    if (isPassive(session)) return await openPassive(session, signal);
  } catch (error) {
    if (!isAuto || !isUnreachable(error) || !session.control.isOpen) throw error;
    session.log.debug(`going on with active data connections, because: ${error.message}`);
  }
  const route = await openActive(session, signal);
  return isAuto ? judged(route, session.traits) : route;
}

/** Active connections are the way here once the server has opened one, and no longer once it cannot. */
function judged(route: DataRoute, traits: ServerTraits): DataRoute {
  let isConnected = false;
  return {
    connected: async (signal) => {
      const socket = await route.connected(signal);
      isConnected = true;
      traits.active = true;
      return socket;
    },
    abandon: (reason) => {
      if (!isConnected && isUnopened(reason)) traits.active = false;
      route.abandon();
    },
  };
}

/** Whether it is said, or shown by the time limit, that the server cannot open one. RFC 959 §4.2.2 */
function isUnopened(error: unknown): boolean {
  return error instanceof FtpsError && (error.reply?.code === 425 || error.limit === 'dataConnect');
}

function isUnreachable(error: unknown): error is FtpsError {
  if (!(error instanceof FtpsError)) return false;
  return error.kind === 'dataConnection' || error.kind === 'refused' || error.limit === 'dataConnect';
}
