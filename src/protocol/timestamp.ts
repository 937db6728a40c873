import { ProtocolError } from './errors.ts';

/**
 * Reads YYYYMMDDHHMMSS with any fraction, as MDTM and MLSD give it: milliseconds since the epoch, UTC; undefined
 * where that is no time. RFC 3659 §2.3
 */
export function parseTimestamp(text: string): number | undefined {
  const parts = /^(\d{4}|191\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d+))?$/.exec(text.trim());
  if (parts === null) return undefined;
  const [year = '', month, day, hour, minute, second, fraction = ''] = parts.slice(1);
  return utcTime({
    // C-43: "19" before the years since 1900, so that 2000 is 19100.
    year: year.length === 5 ? 1900 + Number(year.slice(2)) : Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond: Number(fraction.slice(0, 3).padEnd(3, '0')),
  });
}

/** YYYYMMDDHHMMSS in UTC, rounded down to seconds or with its milliseconds. @throws ProtocolError past year 9999 */
export function formatTimestamp(ms: number, precision: 'second' | 'millisecond' = 'second'): string {
  if (!(ms >= -62_167_219_200_000 && ms < 253_402_300_800_000)) {
    throw new ProtocolError('the time has no year of four digits');
  }
  const digits = new Date(ms).toISOString().replaceAll(/[-:TZ]/g, '');
  return precision === 'second' ? digits.slice(0, 14) : digits;
}

interface UtcFields {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second?: number;
  readonly millisecond?: number;
}

/** Milliseconds since the epoch, or undefined where the calendar has no such moment; a leap second is the 59th. */
export function utcTime(fields: UtcFields): number | undefined {
  const { year, month, day, hour, minute, second = 0, millisecond = 0 } = fields;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59), millisecond));
  const exists =
    date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() : undefined;
}
