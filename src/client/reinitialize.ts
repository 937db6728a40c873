import { type Reply, replyClass } from '../protocol/reply.ts';
import { enter, freshState } from './connect.ts';
import { FtpsError, quoted, refusal } from './errors.ts';
import type { Session } from './session.ts';

/**
 * REIN: TLS is taken off, everything is as after the dial, and the same login follows on the same TCP connection. Must
 * be alone on the session. MS-FTPS §3.1.5.3, RFC 4217 §13, C-6
 * @throws FtpsError `refused` when the server has no REIN, and nothing has changed; `closed` when it answers, but keeps
 * TLS: then another connection has to be opened. C-7
 */
export async function reinitialize(session: Session, signal?: AbortSignal): Promise<void> {
  const { control, tls } = session;
  const silentAfter = (reply: Reply): boolean => control.isSecured && replyClass(reply.code) === 'completion';
  const reply = await control.send('REIN', undefined, { step: 'login', silentAfter });
  if (replyClass(reply.code) !== 'completion') throw refusal('login', 'to begin anew (REIN)', reply);
  try {
    await control.unsecure('closeNotify', signal);
  } catch (cause) {
    const message = `The server answered REIN with ${quoted(reply)}, but did not end TLS in good order. Connect again.`;
    const error = new FtpsError('closed', 'close', message, { reply, cause });
    control.destroy(error);
    throw error;
  }
  tls?.reset();
  Object.assign(session, freshState(session.options));
  await enter(session, 'renewed', signal);
}
