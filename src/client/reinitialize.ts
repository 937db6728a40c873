import { type Reply, replyClass } from '../protocol/reply.ts';
import { enter, freshState } from './connect.ts';
import { FtpsError, quoted, refusal } from './errors.ts';
import { dropPrepared } from './preparedRoute.ts';
import type { Session } from './session.ts';

/**
 * REIN: TLS is taken off, everything is as after the dial, and the same login follows on the same TCP connection. Must
 * be alone on the session. MS-FTPS §3.1.5.3, RFC 4217 §13, C-6
 * @throws FtpsError `refused` when the server has no REIN, and nothing has changed; `closed` when it answers, but keeps
 * TLS: then another connection has to be opened. C-7
 */
export async function reinitialize(session: Session, signal?: AbortSignal): Promise<void> {
  const { control, tls } = session;
  await dropPrepared(session);
  const silentAfter = (reply: Reply): boolean => control.isSecured && replyClass(reply.code) === 'completion';
  const reply = await control.send('REIN', undefined, { step: 'login', silentAfter });
  if (replyClass(reply.code) !== 'completion') throw refusal('login', 'to begin anew (REIN)', reply);
  try {
    await control.unsecure('closeNotify', signal);
  } catch (cause) {
    const error = keptTls(reply, cause);
    control.destroy(error);
    throw error;
  }
  tls?.reset();
  Object.assign(session, freshState(session.options));
  await enter(session, 'renewed', signal).catch((error: unknown) => {
    throw isLoss(error) ? keptTls(reply, error) : error;
  });
}

/** Without an answer to what begins anew: some servers say 230 and go on in TLS, or hang up when it ends. C-7 */
function isLoss(error: unknown): boolean {
  return error instanceof FtpsError && error.reply === undefined && ['closed', 'tls'].includes(error.kind);
}

function keptTls(reply: Reply, cause: unknown): FtpsError {
  const message = `The server answered REIN with ${quoted(reply)}, but did not begin anew on the same connection. Connect again.`;
  return new FtpsError('closed', 'close', message, { reply, cause });
}
