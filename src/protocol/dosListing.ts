import type { Entry } from './entry.ts';
import { ProtocolError } from './errors.ts';
import { breaksLine } from './printable.ts';
import { utcTime } from './timestamp.ts';

const form = new RegExp(
  '^\\s{0,20}(?:(?<month>\\d\\d)[-/](?<day>\\d\\d)[-/](?<year>\\d{4}|\\d\\d)|(?<iso>\\d{4}-\\d\\d-\\d\\d))' +
    '\\s{1,10}(?<hour>\\d{1,2}):(?<minute>\\d\\d)\\s?(?<half>[AP]M?)?' +
    '\\s{1,40}(?:(?<tag><[A-Z]+>)|(?<size>\\d[\\d,.]{0,25})) (?<text>.*)$',
  'is',
);

/** `dir` gives the kind of an entry 15 columns. */
const tagColumns = 15;

/** Reads one line of `dir` as IIS prints it; times are taken for UTC. undefined where it is no such line. */
export function parseDosLine(line: string): Entry | undefined {
  const found = form.exec(line)?.groups;
  if (found === undefined) return undefined;
  const { tag, size, text = '' } = found;
  const modifiedAt = readTime(found);
  const time = modifiedAt === undefined ? {} : { modifiedAt, modifiedPrecision: 'minute' as const };
  if (tag === undefined) {
    const bytes = Number(size?.replaceAll(/[,.]/g, ''));
    return { name: text, type: 'file', ...(Number.isSafeInteger(bytes) && { size: bytes }), ...time };
  }
  // Behind a kind the name begins in a fixed column; further blanks belong to the name.
  const padding = Math.max(0, tagColumns - tag.length - 1);
  const name = text.replace(new RegExp(`^ {0,${padding}}`), '');
  if (/^<dir>$/i.test(tag)) return { name, type: 'directory', ...time };
  if (!/^<(?:junction|symlinkd?)>$/i.test(tag)) return { name, type: 'unknown', ...time };
  const bracket = name.endsWith(']') ? name.indexOf(' [', 1) : -1;
  if (bracket < 0) return { name, type: 'link', ...time };
  return { name: name.slice(0, bracket), type: 'link', target: name.slice(bracket + 2, -1), ...time };
}

/** One line as IIS prints it; times in UTC. @throws ProtocolError on a name with CR, LF or NUL */
export function formatDosLine(entry: Entry): string {
  const date = new Date(entry.modifiedAt ?? 0);
  const [year = '', month = '', day = ''] = date.toISOString().slice(0, 10).split('-');
  const hour = date.getUTCHours();
  const clock = `${two(hour % 12 || 12)}:${two(date.getUTCMinutes())}${hour < 12 ? 'AM' : 'PM'}`;
  const column = entry.type === 'directory' ? '      <DIR>         ' : String(entry.size ?? 0).padStart(20);
  const line = `${month}-${day}-${year}  ${clock} ${column} ${entry.name}`;
  if (breaksLine(line)) throw new ProtocolError('a listing cannot hold a name with CR, LF or NUL');
  return line;
}

function readTime(found: Readonly<Record<string, string | undefined>>): number | undefined {
  const [isoYear, isoMonth, isoDay] = found['iso']?.split('-') ?? [];
  const year = Number(isoYear ?? found['year']);
  const shortYear = (isoYear ?? found['year'])?.length === 2;
  const half = found['half']?.charAt(0).toUpperCase();
  const hour = Number(found['hour']);
  if (half !== undefined && (hour < 1 || hour > 12)) return undefined;
  return utcTime({
    // Two digits are the years 1970 to 2069.
    year: shortYear ? year + (year < 70 ? 2000 : 1900) : year,
    month: Number(isoMonth ?? found['month']),
    day: Number(isoDay ?? found['day']),
    hour: half === undefined ? hour : (hour % 12) + (half === 'P' ? 12 : 0),
    minute: Number(found['minute']),
  });
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
