import { Features } from '../protocol/features.ts';
import { replyClass } from '../protocol/reply.ts';
import { secureControl } from './auth.ts';
import { systemClock } from './clock.ts';
import { type ConnectOptions, defaultTimeouts, silentLog } from './connectOptions.ts';
import { ControlConnection } from './controlConnection.ts';
import { Deadlines } from './deadline.ts';
import { dial } from './dial.ts';
import { aborted, FtpsError, reasonOf } from './errors.ts';
import { greet } from './greet.ts';
import { isUnanswered, login } from './login.ts';
import { dropPrepared } from './preparedRoute.ts';
import { splitCommand } from './rawCommand.ts';
import { newServerTraits, type ServerTraits } from './serverTraits.ts';
import type { Session } from './session.ts';
import { builtInCodec, encodeCommand, loadCodec } from './textCodec.ts';
import { TlsLayer } from './tlsLayer.ts';

/**
 * Opens a session: TCP, TLS as the mode wants it, greeting, login. Connects again, more slowly, to a server that takes
 * commands amiss which leave together. @throws FtpsError naming the step that failed.
 */
export async function openSession(options: ConnectOptions, signal?: AbortSignal): Promise<Session> {
  const traits = options.traits ?? newServerTraits();
  const { bearsFlights, loginInOneFlight, keyExchangeGroup } = traits;
  try {
    return await openOnce(options, traits, signal);
  } catch (error) {
    // It was not the haste, then, where no login without has ever succeeded either.
    const isBlamed = loginInOneFlight === false && traits.features === undefined;
    if (isBlamed && isUnanswered(error) && error.step === 'login') traits.loginInOneFlight = undefined;
    const isSlower =
      (bearsFlights && !traits.bearsFlights) ||
      (loginInOneFlight !== false && traits.loginInOneFlight === false) ||
      (keyExchangeGroup !== undefined && traits.keyExchangeGroup === undefined);
    if (!isUnanswered(error) || !isSlower || signal?.aborted) throw error;
    // A password that is not answered may be a wrong one: unless it was right before, it is not said twice by itself.
    if (error.step === 'login' && loginInOneFlight !== true) throw error;
    options.log?.warn(`Connecting again with fewer commands at a time, because: ${reasonOf(error)}`);
    return await openSession({ ...options, traits }, signal).catch((again: unknown) => {
      // It was not the haste, then.
      if (isUnanswered(again)) Object.assign(traits, { bearsFlights, loginInOneFlight });
      throw again;
    });
  }
}

async function openOnce(
  options: ConnectOptions,
  traits: ServerTraits,
  signal?: AbortSignal,
): Promise<Session> {
  if (signal?.aborted) throw aborted('connect', signal);
  const { clock = systemClock, log = silentLog, encoding = 'utf8' } = options;
  const codec = builtInCodec(encoding) ?? (await loadCodec(encoding));
  const deadlines = new Deadlines(clock, { ...defaultTimeouts, ...options.timeouts });
  checkOptions(options);
  // C-47: a user or password that cannot be said is refused before anything is said.
  encodeCommand('USER', options.user, codec);
  encodeCommand('PASS', options.password, codec);
  const tls = options.security === 'none' ? undefined : new TlsLayer(options, traits);
  log.debug(`connecting to ${options.host}:${options.port} (${options.security})`);
  const oneAtATime = options.pipelining === 'never' || !traits.bearsFlights;
  const socket = await dial(options, deadlines, signal);
  const session: Session = {
    options,
    clock,
    deadlines,
    log,
    codec,
    control: new ControlConnection(socket, { deadlines, log, codec, oneAtATime }),
    tls,
    traits,
    data: { opened: 0, resumed: 0, unresumed: 0 },
    ...freshState(options),
  };
  void session.control.closed.then((reason) => {
    // C-53: a server that has something to say about one that has rested is not asked ahead again.
    if (session.hasRested && reason?.kind === 'protocol') traits.preparedBearable = false;
    return dropPrepared(session);
  });
  await enter(session, 'greeted', signal);
  return session;
}

/** What a connection begins with, and is back at after REIN. C-2, C-6, C-16 */
export function freshState({ security, implicitProt }: ConnectOptions) {
  const implicit = security === 'implicit';
  return {
    features: Features.none,
    protection: implicit ? 'P' : 'C',
    protectionAssumed: implicit,
    protectionIsDue: false,
    bufferSizeIsSaid: implicit && implicitProt !== 'send',
    directory: undefined,
    selectedHash: undefined,
    protectionChange: Promise.resolve(),
    isOpeningData: false,
    prepared: undefined,
    hasRested: false,
  } as const;
}

/**
 * Takes a connection that is as fresh as from the dial to where files can be asked for.
 * @param beginning `greeted`: the server greets; `renewed`: its reply to REIN stood for the greeting, in explicit mode
 */
export async function enter(
  session: Session,
  beginning: 'greeted' | 'renewed',
  signal?: AbortSignal,
): Promise<void> {
  const { control } = session;
  const onAbort = (): void => control.destroy(aborted('connect', signal));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await secureAndGreet(session, signal);
    await login(session, beginning, signal);
  } catch (error) {
    // A server without TLS 1.2 is not bound to it for good.
    if (error instanceof FtpsError && error.kind === 'tls') session.traits.boundToTls12 = false;
    // C-21: whoever was answered and still has a connection, says good-bye.
    if (isAnswer(error)) await control.quit();
    control.destroy();
    throw signal?.aborted ? aborted('connect', signal) : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

async function secureAndGreet(session: Session, signal?: AbortSignal): Promise<void> {
  const { security, implicitGreeting } = session.options;
  // In clear, the greeting is part of the login, and AUTH may leave before it comes.
  if (security !== 'implicit') return;
  if (implicitGreeting === 'beforeTls') {
    await greet(session, (reply) => replyClass(reply.code) === 'completion');
    await secureControl(session, signal);
  } else {
    // C-1: on an implicit port TLS comes first, and the greeting inside it.
    await secureControl(session, signal);
    await greet(session);
  }
}

function checkOptions(options: ConnectOptions): void {
  for (const line of options.login?.beforeAuth ?? []) splitCommand({ options }, line);
  const { virtualHost, tls } = options;
  // C-50
  if (virtualHost === undefined || (tls?.servername ?? virtualHost) === virtualHost) return;
  const message = `The profile's "virtualHost" (${virtualHost}) and "tls": { "servername" } must be the same name.`;
  throw new FtpsError('invalidArgument', 'connect', message);
}

function isAnswer(error: unknown): boolean {
  return error instanceof FtpsError && (error.reply !== undefined || error.certificate !== undefined);
}
