import { type Reply, replyClass } from '../protocol/reply.ts';
import { FtpsError, refusal } from './errors.ts';
import { dropPrepared } from './preparedRoute.ts';
import { protectData } from './protection.ts';
import { adviceFor } from './quirks.ts';
import { refuseOnImplicit } from './rawCommand.ts';
import type { Session } from './session.ts';

/**
 * CCC: commands and replies go on in clear, data connections as they were. Must be alone on the session.
 * RFC 4217 §5, §12.3, C-28
 * @throws FtpsError `unsupported` and `securityRefused` before anything is said; `refused` when nothing has changed
 */
export async function clearCommandChannel(session: Session, signal?: AbortSignal): Promise<void> {
  const { control, options } = session;
  refuseOnImplicit(session, 'CCC');
  if (!options.allowClearCommandChannel) {
    const message =
      'CCC was not sent: commands and names would travel in clear. Set "allowClearCommandChannel": true in the profile to allow it.';
    throw new FtpsError('securityRefused', 'command', message);
  }
  if (!control.isSecured) {
    throw new FtpsError('unsupported', 'command', 'CCC was not sent: the command channel is in clear.');
  }
  // PBSZ and PROT can be said no more afterwards.
  if (session.protectionIsDue) await protectData(session);
  await dropPrepared(session);
  const silentAfter = (reply: Reply): boolean => replyClass(reply.code) === 'completion';
  const reply = await control.send('CCC', undefined, { silentAfter });
  if (!silentAfter(reply)) throw refusal('command', 'to clear the command channel (CCC)', reply);
  try {
    await control.unsecure(options.clearCommandChannelEnd ?? 'closeNotify', signal);
  } catch (cause) {
    const message = `The server answered CCC, but did not end TLS in good order. Connect again. ${adviceFor('clearChannelWithoutNotify')}`;
    const error = new FtpsError('closed', 'close', message, { reply, cause });
    control.destroy(error);
    throw error;
  }
  // C-53: what comes before the next command is no reply to that.
  control.listen();
}
