import { startTls } from './auth.ts';
import type { ConnectOptions } from './connectOptions.ts';
import { FtpsError } from './errors.ts';
import { identify, identifyAtOnce } from './identify.ts';
import { prepareRoute } from './preparedRoute.ts';
import { protectData, protectDataEarly } from './protection.ts';
import type { Session } from './session.ts';
import { askFeatures, askUtf8, chooseBinary, nameClient, nameHost, sayBeforeAuth } from './setUp.ts';

type LoginStep =
  | 'beforeAuth'
  | 'auth'
  | 'host'
  | 'earlyProtection'
  | 'user'
  | 'knownUser'
  | 'features'
  | 'client'
  | 'utf8'
  | 'protection'
  | 'type'
  | 'route';

/** What is said and when, as data: the steps of one group leave in one flight. C-13 */
type LoginScript = readonly (readonly LoginStep[])[];

/** The dialogue that the options ask for, from the greeting on. Securing FTP with TLS §9.3 */
function loginScript(options: ConnectOptions, isKnown: boolean): LoginScript {
  const { security, login = {} } = options;
  const timing = protectionTiming(options);
  const setUp: readonly LoginStep[] =
    timing === 'beforeLogin' || timing === 'afterLogin'
      ? ['features', 'client', 'utf8', 'protection', 'type', 'route']
      : ['features', 'client', 'utf8', 'type', 'route'];
  return [
    ['beforeAuth'],
    // C-20: AUTH voids a login before it.
    login.auth === 'afterLogin' && security === 'explicit' ? ['user'] : [],
    security === 'explicit' ? ['auth'] : [],
    ['host'],
    timing === 'beforeLogin' ? ['earlyProtection'] : [],
    ...(isKnown ? [['knownUser', ...setUp] as const] : [['user'] as const, setUp]),
  ];
}

/**
 * Whether all of the login may leave at once: where an earlier one went as most do, TLS protects it, and the user has
 * no wishes about its timing.
 */
function isKnown({ options, traits }: Session): boolean {
  const { security, login = {}, pipelining } = options;
  const isFree = login.protection === undefined && login.account === undefined && login.auth !== 'afterLogin';
  return (
    security !== 'none' &&
    isFree &&
    pipelining !== 'never' &&
    traits.bearsFlights &&
    !traits.stepByStep &&
    traits.loginInOneFlight === true
  );
}

/** C-2, C-5: implicit says no PBSZ and no PROT unless the user wants it; without TLS there is nothing to say. */
function protectionTiming({ security, login, implicitProt }: ConnectOptions) {
  const isSaid = security === 'explicit' || (security === 'implicit' && implicitProt === 'send');
  return isSaid ? (login?.protection ?? 'afterLogin') : 'never';
}

/**
 * Takes a fresh control connection, its greeting read, to the point where files can be asked for. A server that loses
 * or shifts the replies to what left together is known by its traits when this rejects.
 * @param beginning `renewed`: behind REIN, where nobody can connect again
 */
export async function login(
  session: Session,
  beginning: 'greeted' | 'renewed',
  signal?: AbortSignal,
): Promise<void> {
  session.protectionIsDue = protectionTiming(session.options) === 'late';
  const { traits, options } = session;
  const inFlights = options.pipelining !== 'never' && traits.bearsFlights;
  for (const group of loginScript(options, beginning === 'greeted' && isKnown(session))) {
    signal?.throwIfAborted();
    try {
      await together(group.map((step) => perform[step](session, signal)));
    } catch (error) {
      if (isUnanswered(error)) {
        if (group[0] === 'knownUser') traits.loginInOneFlight = false;
        else if (group.length > 1 && inFlights) traits.bearsFlights = false;
      }
      throw error;
    }
  }
}

/** Whether the session was lost, and not refused. */
export function isUnanswered(error: unknown): boolean {
  if (!(error instanceof FtpsError) || error.reply !== undefined) return false;
  return ['closed', 'protocol', 'timeout', 'tls'].includes(error.kind);
}

/** Waits for all, so that no reply is left over, and then reports the first failure. */
async function together(steps: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(steps);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

const perform: Record<LoginStep, (session: Session, signal?: AbortSignal) => Promise<void>> = {
  beforeAuth: sayBeforeAuth,
  auth: startTls,
  host: nameHost,
  earlyProtection: protectDataEarly,
  user: identify,
  knownUser: identifyAtOnce,
  features: askFeatures,
  client: nameClient,
  utf8: askUtf8,
  protection: protectData,
  type: chooseBinary,
  route: askForPort,
};

/** The first transfer finds its data connection open, or on its way; nobody waits for it here. */
async function askForPort(session: Session): Promise<void> {
  // pyftpdlib names no port before PROT.
  if (!session.protectionIsDue) void prepareRoute(session);
}
