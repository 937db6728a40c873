import { Features } from '../protocol/features.ts';
import type { Reply } from '../protocol/reply.ts';
import { systemClock } from './clock.ts';
import { type ConnectOptions, defaultTimeouts, silentLog } from './connectOptions.ts';
import { ControlConnection } from './controlConnection.ts';
import { encodeCommand } from './controlText.ts';
import { Deadlines } from './deadline.ts';
import { dial } from './dial.ts';
import { aborted, FtpsError, quoted } from './errors.ts';
import { login, secureControl } from './login.ts';
import type { Session } from './session.ts';
import { TlsLayer } from './tlsLayer.ts';

/** Opens a session: TCP, TLS as the mode wants it, greeting, login. @throws FtpsError naming the step that failed. */
export async function openSession(options: ConnectOptions, signal?: AbortSignal): Promise<Session> {
  if (signal?.aborted) throw aborted('connect', signal);
  const clock = options.clock ?? systemClock;
  const log = options.log ?? silentLog;
  const encoding = options.encoding ?? 'utf8';
  const deadlines = new Deadlines(clock, { ...defaultTimeouts, ...options.timeouts });
  // C-47: a user or password that cannot be said is refused before anything is said.
  encodeCommand('USER', options.user, encoding);
  encodeCommand('PASS', options.password, encoding);
  const tls = options.security === 'none' ? undefined : new TlsLayer(options);
  log.debug(`connecting to ${options.host}:${options.port} (${options.security})`);
  const socket = await dial(options, deadlines, signal);
  const control = new ControlConnection(socket, { deadlines, log, encoding });
  const implicit = options.security === 'implicit';
  const session: Session = {
    options,
    clock,
    deadlines,
    log,
    control,
    tls,
    features: Features.none,
    // C-2, C-16
    protection: implicit ? 'P' : 'C',
    protectionAssumed: implicit,
    data: { extendedPassive: true, preliminaryFirst: true, opened: 0, resumed: 0 },
  };
  const onAbort = (): void => control.destroy(aborted('connect', signal));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    // C-1: on an implicit port TLS comes first, and the greeting inside it.
    if (implicit) await secureControl(session, signal);
    const greeting = await control.greeting();
    if (greeting.code !== 220) throw greetingRefusal(greeting);
    await login(session, signal);
    return session;
  } catch (error) {
    // C-21: whoever was answered and still has a connection, says good-bye.
    if (isAnswer(error)) await control.quit();
    control.destroy();
    throw signal?.aborted ? aborted('connect', signal) : error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

function isAnswer(error: unknown): boolean {
  return error instanceof FtpsError && (error.reply !== undefined || error.certificate !== undefined);
}

function greetingRefusal(reply: Reply): FtpsError {
  const said = quoted(reply);
  return reply.code === 421
    ? new FtpsError(
        'tooManySessions',
        'greeting',
        `The server takes no more sessions now: ${said}. Close other connections to it, or try again later.`,
        { reply },
      )
    : new FtpsError('refused', 'greeting', `The server greeted with a refusal: ${said}.`, { reply });
}
