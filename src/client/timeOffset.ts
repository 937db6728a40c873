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
 * once, of the newest file in the working directory that has a time of day. RFC 3659 §3
 * @returns milliseconds; undefined where the two cannot be compared
 */
export async function measureTimeOffset(
  session: Session,
  entries: readonly Entry[],
): Promise<number | undefined> {
  const { traits, control, features } = session;
  if (traits.timeOffsetIsAsked || !features.has('MDTM')) return traits.timeOffset;
  const [newest] = entries
    .flatMap(({ name, type, modifiedAt, modifiedPrecision }) =>
      type === 'file' && modifiedPrecision === 'minute' && modifiedAt !== undefined
        ? [{ name, modifiedAt }]
        : [],
    )
    .sort((a, b) => b.modifiedAt - a.modifiedAt);
  if (newest === undefined) return undefined;
  traits.timeOffsetIsAsked = true;
  const told = timeOf(await control.send('MDTM', newest.name));
  if (told === undefined) return undefined;
  const ahead = newest.modifiedAt - told;
  const offset = Math.round(ahead / quarterOfAnHour) * quarterOfAnHour;
  if (Math.abs(offset) > farthest || Math.abs(ahead - offset) > coarseness) return undefined;
  traits.timeOffset = offset;
  return offset;
}
