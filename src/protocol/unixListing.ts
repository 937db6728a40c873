import type { Entry, EntryType, TimePrecision } from './entry.ts';
import { ProtocolError } from './errors.ts';
import { splitLink } from './linkText.ts';
import { months } from './months.ts';
import { breaksLine } from './printable.ts';
import { utcTime } from './timestamp.ts';
import { formatMode, parseMode } from './unixMode.ts';

const oneDay = 24 * 60 * 60 * 1000;
const halfYear = 180 * oneDay;
const month = months.join('|');

const start = /^[-a-z?][-r][-w][-xsSlL][-r][-w][-xsSlL][-r][-w][-xtT][+.@]?\s*/i;
// Size (or the two numbers of a device), then the time, then exactly one space before the name. In groups without names,
// for a large folder: with names they take twice the time.
const sizeAndTime = new RegExp(
  `(?:^|\\s)(?:(\\d{1,16})|\\d+,\\s{0,20}\\d+)\\s{1,20}(?:` +
    `(?:(${month})\\s{1,5}(\\d{1,2})|(\\d{1,2})\\s{1,5}(${month}))` +
    `\\s{1,5}(?:(\\d{1,2}):(\\d\\d)|(\\d{4}))|` +
    `(\\d{4}-\\d\\d-\\d\\d)\\s(\\d\\d:\\d\\d)(?::(\\d\\d)(?:\\.\\d+)?)?(?:\\s([+-]\\d{4}))?` +
    `) `,
  'i',
);

/**
 * Reads one line of `ls -l` as FTP servers print it, without a zone: times are taken for UTC. A time without year
 * is the latest that is not more than a day after `now` (ms since the epoch). undefined where it is no such line.
 */
export function parseUnixLine(line: string, now: number): Entry | undefined {
  const head = start.exec(line);
  if (head === null) return undefined;
  const rest = line.slice(head[0].length);
  const found = sizeAndTime.exec(rest);
  if (found === null) return undefined;
  const time = readTime(found, now);
  const size = readSize(found[1]);
  const type = entryType(line.charAt(0));
  const text = rest.slice(found.index + found[0].length);
  const [name, target] = type === 'link' ? splitLink(text, size) : [text];
  const { owner, group } = readOwners(rest.slice(0, found.index));
  const mode = parseMode(line.slice(1, 10));
  // In a large folder the literal takes half the time and room of what is put together.
  const isUsual = owner !== undefined && group !== undefined && target === undefined;
  if (isUsual && size !== undefined && time !== undefined) {
    const { modifiedAt, modifiedPrecision } = time;
    return { name, type, size, modifiedAt, modifiedPrecision, mode, owner, group };
  }
  return {
    name,
    type,
    ...(size !== undefined && { size }),
    ...time,
    ...(target !== undefined && { target }),
    mode,
    ...(owner !== undefined && { owner }),
    ...(group !== undefined && { group }),
  };
}

/** One line of `ls -l`; times in UTC. @throws ProtocolError on a name or target with CR, LF or NUL */
export function formatUnixLine(entry: Entry, now: number): string {
  const { name, type, target, modifiedAt = 0, size = 0 } = entry;
  const mode = entry.mode ?? { file: 0o644, directory: 0o755, link: 0o777, unknown: 0o644 }[type];
  const columns = [
    formatMode(type, mode),
    '  1',
    (entry.owner ?? 'ftp').replaceAll(/\s/g, '_').padEnd(8),
    (entry.group ?? 'ftp').replaceAll(/\s/g, '_').padEnd(8),
    String(size).padStart(12),
    formatTime(modifiedAt, now),
    type === 'link' && target !== undefined ? `${name} -> ${target}` : name,
  ];
  const line = columns.join(' ');
  if (breaksLine(line)) throw new ProtocolError('a listing cannot hold a name with CR, LF or NUL');
  return line;
}

function entryType(letter: string): EntryType {
  switch (letter) {
    case '-':
      return 'file';
    case 'd':
      return 'directory';
    case 'l':
      return 'link';
    default:
      return 'unknown';
  }
}

function readSize(digits: string | undefined): number | undefined {
  const size = Number(digits);
  return Number.isSafeInteger(size) ? size : undefined;
}

export interface ListedTime {
  readonly modifiedAt: number;
  readonly modifiedPrecision: TimePrecision;
}

/** Columns of `ls -l`: a month by its first three letters, a day, and either a time of day or a year. */
export interface DateColumns {
  readonly month: string | undefined;
  readonly day: string | undefined;
  readonly hour: string | undefined;
  readonly minute: string | undefined;
  readonly year: string | undefined;
}

function readTime(found: RegExpExecArray, now: number): ListedTime | undefined {
  const date = found[9];
  if (date !== undefined) return readIsoTime(date, found);
  const [month, day] = [found[2] ?? found[5], found[3] ?? found[4]];
  return readDateColumns({ month, day, hour: found[6], minute: found[7], year: found[8] }, now);
}

/** A time without year is the latest that is not more than a day after `now` (ms since the epoch). */
export function readDateColumns(columns: DateColumns, now: number): ListedTime | undefined {
  const month = months.indexOf(`${columns.month}`.toLowerCase()) + 1;
  const [day, hour, minute] = [Number(columns.day), Number(columns.hour), Number(columns.minute)];
  if (columns.year !== undefined) {
    const time = utcTime({ year: Number(columns.year), month, day, hour: 0, minute: 0 });
    return time === undefined ? undefined : { modifiedAt: time, modifiedPrecision: 'day' };
  }
  const latest = now + oneDay;
  const thisYear = new Date(latest).getUTCFullYear();
  // Back to the year before, or for a 29th of February to the last leap year, which 1900 and its like put far off.
  for (let guess = thisYear; guess > thisYear - 9; guess -= 1) {
    const time = utcTime({ year: guess, month, day, hour, minute });
    if (time !== undefined && time <= latest) return { modifiedAt: time, modifiedPrecision: 'minute' };
  }
  return undefined;
}

/** The time of `ls --time-style=long-iso` and `full-iso`; the latter has a zone. */
function readIsoTime(date: string, found: RegExpExecArray): ListedTime | undefined {
  const [clock, second, zone = '+0000'] = found.slice(10);
  const [year, month, day] = date.split('-').map(Number);
  const [hour, minute] = `${clock}`.split(':').map(Number);
  const time = utcTime({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second ?? 0),
  });
  if (time === undefined) return undefined;
  const offset = Number(zone.slice(0, 3)) * 60 + Number(`${zone.charAt(0)}${zone.slice(3)}`);
  return {
    modifiedAt: time - offset * 60_000,
    modifiedPrecision: second === undefined ? 'minute' : 'second',
  };
}

// Link count, owner and group, none of which has a blank in it.
const usualColumns = /^\s*(?:\d+\s+|(?!\d+\s))(\S+)\s+(\S+)\s*$/;

/** The columns between mode and size: link count, owner and group, of which any may be missing. */
function readOwners(text: string): {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
} {
  const usual = usualColumns.exec(text);
  if (usual !== null) return { owner: usual[1], group: usual[2] };
  const columns = text
    .trim()
    .replace(/^\d+(?:\s|$)/, '')
    .trim();
  if (columns === '') return {};
  const [owner = '', ...group] = columns.split(/\s+/);
  return group.length > 0 ? { owner, group: group.join(' ') } : { owner };
}

function formatTime(time: number, now: number): string {
  const date = new Date(time);
  const name = `${months[date.getUTCMonth()]}`;
  const monthAndDay = `${name.charAt(0).toUpperCase()}${name.slice(1)} ${String(date.getUTCDate()).padStart(2)}`;
  if (time > now || time < now - halfYear)
    return `${monthAndDay}  ${String(date.getUTCFullYear()).padStart(4, '0')}`;
  return `${monthAndDay} ${date.toISOString().slice(11, 16)}`;
}
