import { replyClass } from '../protocol/reply.ts';
import { refusal } from './errors.ts';
import type { Session } from './session.ts';

/** RNFR and RNTO leave together, so that nothing can come between them. @throws FtpsError */
export async function renameFile({ control }: Session, from: string, to: string): Promise<void> {
  control.check('RNFR', from);
  control.check('RNTO', to);
  const [source, target] = await Promise.all([control.send('RNFR', from), control.send('RNTO', to)]);
  if (source.code !== 350) throw refusal('command', `to rename ${from} (RNFR)`, source);
  if (replyClass(target.code) !== 'completion')
    throw refusal('command', `to rename ${from} to ${to} (RNTO)`, target);
}
