import type { ControlConnection } from './controlConnection.ts';
import type { Reply } from '../protocol/reply.ts';

/** What STAT is answered while data moves, as no transfer is. */
const statAnswers: ReadonlySet<number> = new Set([211, 212, 213, 500, 501, 502, 503, 504]);

/** STAT, as ordinary data of the control connection, during a transfer too. C-40 */
export function askStatus(control: ControlConnection): Promise<Reply> {
  const interjections = control.isTransferring ? { interjections: statAnswers } : {};
  return control.send('STAT', undefined, interjections);
}
