import type { Entry } from './entry.ts';
import type { ListedLine } from './listingDialect.ts';
import { months } from './months.ts';
import { utcTime } from './timestamp.ts';

/** Name with any type, version, and what stands behind them on the line. A path may stand before the name. */
const start =
  /^(?:[^\s;[\]<>/]{1,255}:)?(?:\[[^\s\][/]{0,255}\])?([^\s;[\]<>/]{1,255});(\d{1,5})(?:\s(.*))?$/s;

const blocks = '\\d{1,10}(?:/\\d{1,10})?';
const moment =
  `(?<day>\\d{1,2})-(?<month>${months.join('|')})-(?<year>\\d{4})` +
  '(?:\\s{1,5}(?<hour>\\d{1,2}):(?<minute>\\d\\d)(?::(?<second>\\d\\d)(?:\\.\\d{1,2})?)?)?';
const details = new RegExp(
  `^\\s{0,80}(?:${blocks}\\s{1,40}${moment}|${moment.replaceAll('?<', '?<other_')}\\s{1,40}${blocks})` +
    '(?:\\s{1,40}(?:\\[(?:(?<group>[^\\s,\\]]{1,40}),\\s?)?(?<owner>[^\\s,\\]]{1,40})\\]|(?<user>[\\w$]{1,40})))?' +
    '(?:\\s{1,40}\\([RWED,]{0,30}\\))?\\s{0,40}$',
  'i',
);

/** What the server says of an entry that the user may not look at. */
const refusal = /^\s{0,80}(?:%\w|no privilege|insufficient privilege)/i;

const heading = new RegExp(
  '^\\s{0,10}(?:(?:directory\\s{1,10})?[\\w$-]{0,255}:?\\[[^\\][]{0,255}\\]|' +
    '(?:grand )?total of \\d{1,10} (?:file|block|director)[^\\0]{0,100})\\s{0,40}$',
  'i',
);

/**
 * Reads a listing of OpenVMS. A long name has the rest on the line behind it. As in other clients the name is without
 * version, which a server takes for the newest one: of several versions that one is listed, and a directory goes
 * without its ".DIR". Sizes are told in blocks, and so left out. Times are taken for UTC.
 */
export function readVmsListing(lines: readonly string[]): readonly ListedLine[] {
  const listed: ListedLine[] = [];
  const newest = new Map<string, { readonly version: number; readonly place: number }>();
  for (let index = 0; index < lines.length; index += 1) {
    const text = `${lines[index]}`;
    const [, fullName = '', digits, sameLine = ''] = start.exec(text) ?? [];
    const goesOn = fullName !== '' && sameLine.trim() === '';
    const entry = readEntry(fullName, goesOn ? `${lines[index + 1]}` : sameLine);
    if (entry === undefined) {
      if (!heading.test(text)) listed.push({ text, entry });
      continue;
    }
    if (goesOn) index += 1;
    const version = Number(digits);
    const known = newest.get(fullName) ?? { version: -1, place: listed.length };
    if (known.version < version) {
      newest.set(fullName, { version, place: known.place });
      listed[known.place] = { text, entry };
    }
  }
  return listed;
}

function readEntry(fullName: string, rest: string): Entry | undefined {
  const name = fullName.replace(/\.(?:dir)?$/i, '');
  const type = /\.dir$/i.test(fullName) ? 'directory' : 'file';
  if (refusal.test(rest)) return { name, type };
  const found = details.exec(rest)?.groups;
  if (found === undefined) return undefined;
  const { group, owner = found['user'] } = found;
  return {
    name,
    type,
    ...readTime(found),
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
  };
}

function readTime(
  found: Readonly<Record<string, string | undefined>>,
): Pick<Entry, 'modifiedAt' | 'modifiedPrecision'> {
  const part = (name: string) => found[name] ?? found[`other_${name}`];
  const [hour, minute, second] = [part('hour'), part('minute'), part('second')];
  const modifiedAt = utcTime({
    year: Number(part('year')),
    month: months.indexOf(`${part('month')}`.toLowerCase()) + 1,
    day: Number(part('day')),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
  });
  if (modifiedAt === undefined) return {};
  const toSecond = second === undefined ? 'minute' : 'second';
  return { modifiedAt, modifiedPrecision: hour === undefined ? 'day' : toSecond };
}
