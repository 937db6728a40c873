import { replyClass } from '../protocol/reply.ts';
import { unlessEnded } from './errors.ts';
import type { Session } from './session.ts';

/**
 * SITE CHMOD. @param mode permission bits, such as 0o644. @returns false when the server refuses it
 * @throws FtpsError `closed` when it ends the session
 */
export async function changeMode({ control }: Session, path: string, mode: number): Promise<boolean> {
  const bits = (mode & 0o7777).toString(8).padStart(3, '0');
  const reply = unlessEnded(await control.send('SITE', `CHMOD ${bits} ${path}`), 'SITE');
  return replyClass(reply.code) === 'completion';
}
