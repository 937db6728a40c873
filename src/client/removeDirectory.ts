import { replyClass } from '../protocol/reply.ts';
import { refusal } from './errors.ts';
import type { Session } from './session.ts';

/**
 * RMD. A session that stands in the folder leaves it first, in the same flight: Pure-FTPd ends sessions whose working
 * directory is gone (421).
 */
export async function removeDirectory(session: Session, path: string): Promise<void> {
  const { control, directory } = session;
  control.check('RMD', path);
  const standsInside = directory === path || directory?.startsWith(`${path}/`);
  const [left, reply] = await Promise.all([
    standsInside ? control.send('CWD', '/') : undefined,
    control.send('RMD', path),
  ]);
  if (left && replyClass(left.code) === 'completion') session.directory = '/';
  if (replyClass(reply.code) !== 'completion') {
    throw refusal('command', `to remove the folder ${path} (RMD)`, reply);
  }
}
