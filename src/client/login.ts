import { startTls } from './auth.ts';
import type { ConnectOptions } from './connectOptions.ts';
import { FtpsError } from './errors.ts';
import { greet } from './greet.ts';
import { giveName, identify, identifyAtOnce, provePerson } from './identify.ts';
import { prepareRoute } from './preparedRoute.ts';
import { protectData, protectDataEarly } from './protection.ts';
import type { Session } from './session.ts';
import { askFeatures, renewFeatures } from './askFeatures.ts';
import { askUtf8, chooseBinary, nameClient, nameHost, sayBeforeAuth } from './setUp.ts';

type LoginStep =
  | 'greeting'
  | 'beforeAuth'
  | 'auth'
  | 'host'
  | 'earlyProtection'
  | 'user'
  | 'eagerUser'
  | 'knownUser'
  | 'features'
  | 'knownFeatures'
  | 'client'
  | 'utf8'
  | 'protection'
  | 'type'
  | 'route';

/** What is said and when, as data: the steps of one group leave in one flight. C-13 */
type LoginScript = readonly (readonly LoginStep[])[];

/**
 * How much of the login leaves before the reply to what comes first: nothing; what follows PASS, with PASS; or all of
 * it, where an earlier one has shown that USER is answered by 331.
 */
type Haste = 'none' | 'behindPassword' | 'behindUser';

/** The dialogue that the options ask for, from the greeting on. Securing FTP with TLS §9.3 */
function loginScript(options: ConnectOptions, haste: Haste, greets: boolean): LoginScript {
  const { security, login = {} } = options;
  const timing = protectionTiming(options);
  const choices: readonly LoginStep[] =
    timing === 'beforeLogin' || timing === 'afterLogin'
      ? ['client', 'utf8', 'protection', 'type']
      : ['client', 'utf8', 'type'];
  const greeting: readonly LoginStep[] = greets ? ['greeting'] : [];
  const auth: readonly LoginStep[] = security === 'explicit' ? ['auth'] : [];
  const opening: LoginScript =
    haste === 'behindUser'
      ? [[...greeting, ...auth]]
      : [
          greeting,
          ['beforeAuth'],
          // C-20: AUTH voids a login before it.
          login.auth === 'afterLogin' && security === 'explicit' ? ['user'] : [],
          auth,
        ];
  return [
    ...opening,
    ['host'],
    timing === 'beforeLogin' ? ['earlyProtection'] : [],
    ...loginGroups(choices, haste),
  ];
}

/**
 * Servers send FEAT line by line, each in a packet of its own, which is more than may be on its way unconfirmed: behind
 * the port, it is still coming while the data connection opens.
 */
function loginGroups(choices: readonly LoginStep[], haste: Haste): LoginScript {
  switch (haste) {
    case 'none':
      return [['user'], ['features', ...choices, 'route']];
    case 'behindPassword':
      return [['eagerUser', ...choices, 'route', 'features']];
    case 'behindUser':
      return [['knownUser', ...choices, 'route', 'knownFeatures']];
  }
}

/** No haste without TLS, behind REIN, where the user has wishes, or where the server did not bear it. */
function hasteOf({ options, traits }: Session, beginning: 'greeted' | 'renewed'): Haste {
  const { security, login = {}, pipelining } = options;
  const isFree = Object.values({ ...login, authMechanism: undefined }).every((wish) => wish === undefined);
  const isPossible = beginning === 'greeted' && security !== 'none' && isFree && pipelining !== 'never';
  if (!isPossible || !traits.bearsFlights || traits.stepByStep) return 'none';
  if (traits.loginInOneFlight === false) return 'none';
  return traits.loginInOneFlight ? 'behindUser' : 'behindPassword';
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
  const { options } = session;
  const greets = beginning === 'greeted' && options.security !== 'implicit';
  for (const group of loginScript(options, hasteOf(session, beginning), greets)) {
    signal?.throwIfAborted();
    try {
      await runGroup(session, group, signal);
    } catch (error) {
      if (isUnanswered(error)) blame(session, group);
      throw error;
    }
  }
}

/** Notes what it was that the server may not bear. */
function blame({ options, traits }: Session, group: readonly LoginStep[]): void {
  const [first] = group;
  if (first === 'knownUser' || first === 'eagerUser') traits.loginInOneFlight = false;
  else if (first === 'greeting' && group.length > 1) traits.loginInOneFlight = false;
  else if (group.length > 1 && options.pipelining !== 'never') traits.bearsFlights = false;
}

async function runGroup(session: Session, group: readonly LoginStep[], signal?: AbortSignal): Promise<void> {
  const [first, ...others] = group;
  const rest = (): Promise<void>[] => others.map((step) => perform[step](session, signal));
  if (first === undefined) return;
  if (first !== 'eagerUser') return together([perform[first](session, signal), ...rest()]);
  const reply = await giveName(session);
  const proven = provePerson(session, reply);
  // Whoever is asked for no password is in or refused by now.
  if (reply.code !== 331) await proven;
  await together([proven, ...rest()]);
}

/** Whether the session was lost, and not refused. */
export function isUnanswered(error: unknown): error is FtpsError {
  if (!(error instanceof FtpsError) || error.reply !== undefined) return false;
  return ['closed', 'protocol', 'timeout', 'tls'].includes(error.kind);
}

/** Waits for all, so that no reply is left over, and then reports the first failure. */
async function together(steps: readonly Promise<void>[]): Promise<void> {
  const outcomes = await Promise.allSettled(steps);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

const perform: Record<LoginStep, (session: Session, signal?: AbortSignal) => Promise<void>> = {
  greeting: (session) => greet(session),
  beforeAuth: sayBeforeAuth,
  auth: startTls,
  host: nameHost,
  earlyProtection: protectDataEarly,
  user: identify,
  eagerUser: identify,
  knownUser: identifyAtOnce,
  features: askFeatures,
  knownFeatures: renewFeatures,
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
