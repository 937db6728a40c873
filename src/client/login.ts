import { startTls } from './auth.ts';
import type { ConnectOptions } from './connectOptions.ts';
import { identify } from './identify.ts';
import { protectData, protectDataEarly } from './protection.ts';
import type { Session } from './session.ts';
import { askFeatures, askUtf8, chooseBinary, nameClient, nameHost, sayBeforeAuth } from './setUp.ts';

type LoginStep =
  | 'beforeAuth'
  | 'auth'
  | 'host'
  | 'earlyProtection'
  | 'user'
  | 'features'
  | 'client'
  | 'utf8'
  | 'protection'
  | 'type';

/** What is said and when, as data: the steps of one group leave in one flight. C-13 */
type LoginScript = readonly (readonly LoginStep[])[];

/** The dialogue that the options ask for, from the greeting on. Securing FTP with TLS §9.3 */
function loginScript(options: ConnectOptions): LoginScript {
  const { security, login = {} } = options;
  const timing = protectionTiming(options);
  return [
    ['beforeAuth'],
    // C-20: AUTH voids a login before it.
    login.auth === 'afterLogin' && security === 'explicit' ? ['user'] : [],
    security === 'explicit' ? ['auth'] : [],
    ['host'],
    timing === 'beforeLogin' ? ['earlyProtection'] : [],
    ['user'],
    timing === 'beforeLogin' || timing === 'afterLogin'
      ? ['features', 'client', 'utf8', 'protection', 'type']
      : ['features', 'client', 'utf8', 'type'],
  ];
}

/** C-2, C-5: implicit says no PBSZ and no PROT unless the user wants it; without TLS there is nothing to say. */
function protectionTiming({ security, login, implicitProt }: ConnectOptions) {
  const isSaid = security === 'explicit' || (security === 'implicit' && implicitProt === 'send');
  return isSaid ? (login?.protection ?? 'afterLogin') : 'never';
}

/** Takes a fresh control connection, its greeting read, to the point where files can be asked for. */
export async function login(session: Session, signal?: AbortSignal): Promise<void> {
  session.protectionIsDue = protectionTiming(session.options) === 'late';
  for (const group of loginScript(session.options)) {
    signal?.throwIfAborted();
    await together(group.map((step) => perform[step](session, signal)));
  }
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
  features: askFeatures,
  client: nameClient,
  utf8: askUtf8,
  protection: protectData,
  type: chooseBinary,
};
