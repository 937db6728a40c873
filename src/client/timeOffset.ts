import type { Entry } from '../protocol/entry.ts';
import { timeOf } from './fileFacts.ts';
import type { Session } from './session.ts';

const quarterOfAnHour = 15 * 60_000;
/** From UTC-12 to UTC+14, in milliseconds, and some room for clocks of their own. */
const farthest = 15 * 3_600_000;
/** LIST cuts its times to the minute. */
const coarseness = 60_000;

/**
 * How far the times of LIST, which are in the server's own zone, are ahead of those of MDTM, which are in UTC. Asked
 * once, of the newest file in the working directory that has a time of day; nobody waits for the answer, which later
 * listings have. RFC 3659 §3
 */
export function askTimeOffset(session: Session, entries: readonly Entry[]): void {
  const { traits, control, features } = session;
  if (traits.timeOffsetIsAsked || !features.has('MDTM') || !control.isOpen) return;
  let newest: { readonly name: string; readonly modifiedAt: number } | undefined;
  for (const { name, type, modifiedAt, modifiedPrecision } of entries) {
    if (type !== 'file' || modifiedPrecision !== 'minute' || modifiedAt === undefined) continue;
    if (!newest || modifiedAt > newest.modifiedAt) newest = { name, modifiedAt };
  }
  if (newest === undefined) return;
  traits.timeOffsetIsAsked = true;
  control.send('MDTM', newest.name, { isAhead: true }).then(
    (reply) => {
      const told = timeOf(reply);
      if (told !== undefined) traits.timeOffset = offsetOf(newest.modifiedAt - told);
    },
    // Lost with the connection: another session may ask.
    () => {
      traits.timeOffsetIsAsked = false;
    },
  );
}

/** @param ahead milliseconds. @returns undefined where no time zone is that far ahead */
function offsetOf(ahead: number): number | undefined {
  const offset = Math.round(ahead / quarterOfAnHour) * quarterOfAnHour;
  return Math.abs(offset) > farthest || Math.abs(ahead - offset) > coarseness ? undefined : offset;
}
