import type { Reply } from '../protocol/reply.ts';
import type { ControlConnection } from './controlConnection.ts';

/** What STAT is answered while data moves, as no transfer is. */
const answers: ReadonlySet<number> = new Set([211, 212, 213, 500, 501, 502, 503, 504]);

/** STAT, said beside the data of a transfer. C-40 */
export function statusBeside(control: ControlConnection): Promise<Reply> {
  return control.send('STAT', undefined, { interjections: answers });
}
