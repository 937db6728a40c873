import type { Entry, EntryType } from './entry.ts';
import type { ListedLine } from './listingDialect.ts';
import { utcTime } from './timestamp.ts';

const form = new RegExp(
  '^(?<owner>[^\\s*]{1,10})?\\s{1,40}(?:(?<size>\\d{1,15})\\s{1,20})?' +
    '(?:(?<date>\\d\\d([-/.,])\\d\\d\\4\\d\\d)\\s(?<clock>\\d\\d[:.,]\\d\\d[:.,]\\d\\d)\\s{1,20})?' +
    '\\*(?<kind>[A-Z0-9]{1,9})(?<text>(?: .*)?)$',
  's',
);

/** The kind has 10 columns, and a blank follows. */
const kindColumns = 11;

/**
 * Reads a listing of OS/400 (IBM i) in its own format, LISTFMT 0: owner, size, date, time, kind of object, name.
 * A physical file (*FILE) is the directory of its members (*MEM), a save file is a file. The size is told for files
 * only: that of other objects is no number of bytes that could be transferred.
 * https://www.ibm.com/docs/en/i/7.5?topic=information-file-directory-entries-in-i5os-format
 */
export function readOs400Listing(lines: readonly string[], now: number): readonly ListedLine[] {
  const found = lines.map((line) => form.exec(line)?.groups);
  const dates = found.map((groups) => groups?.['date']).filter((date) => date !== undefined);
  const order = dateOrder(dates, now);
  const listed: ListedLine[] = [];
  let file = '';
  for (const [index, text] of lines.entries()) {
    const groups = found[index];
    const entry = groups === undefined ? undefined : readEntry(groups, order);
    // Without a name it is the listed file itself; behind the name of the file above it is a member of that one.
    if (entry?.name === '' || (file !== '' && entry?.name.startsWith(`${file}/`) === true)) continue;
    if (groups?.['kind'] === 'FILE') file = `${entry?.name}`;
    listed.push({ text, entry });
  }
  return listed;
}

function readEntry(found: Readonly<Record<string, string | undefined>>, order: DateOrder | undefined): Entry {
  const { owner, size, date, clock } = found;
  const kind = `${found['kind']}`;
  const column = `${found['text']}`.replace(new RegExp(`^ {0,${kindColumns - kind.length - 1}}`), '');
  const type = entryType(kind, column);
  const modifiedAt = order === undefined ? undefined : readTime(`${date}`, `${clock}`, order);
  return {
    name: type === 'directory' ? column.replace(/\/$/, '') : column,
    type,
    ...(size !== undefined && type === 'file' && { size: Number(size) }),
    ...(modifiedAt !== undefined && { modifiedAt, modifiedPrecision: 'second' }),
    ...(owner !== undefined && { owner }),
  };
}

function entryType(kind: string, name: string): EntryType {
  switch (kind) {
    case 'STMF':
    case 'DSTMF':
    case 'MEM':
    case 'DOC':
      return 'file';
    case 'DIR':
    case 'DDIR':
    case 'LIB':
    case 'FLR':
      return 'directory';
    case 'FILE':
      return /\.savf$/i.test(name) ? 'file' : 'directory';
    case 'SYMLNK':
      return 'link';
    default:
      return 'unknown';
  }
}

/** Where year, month and day stand in a date. */
type DateOrder = readonly [year: number, month: number, day: number];

const dateOrders: readonly DateOrder[] = [
  [0, 1, 2],
  [2, 0, 1],
  [2, 1, 0],
];

/**
 * The order of the server's dates, which its configuration decides: the only one in which all of them are dates and
 * none lies in the future. Where more than one fits, or none, times are left out, as they could be any.
 */
function dateOrder(dates: readonly string[], now: number): DateOrder | undefined {
  const latest = now + 24 * 60 * 60 * 1000;
  const fitting = dateOrders.filter((order) =>
    dates.every((date) => Number(readTime(date, '00:00:00', order)) <= latest),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function readTime(date: string, clock: string, [year, month, day]: DateOrder): number | undefined {
  const numbers = date.split(/\D/).map(Number);
  const [hour, minute, second] = clock.split(/\D/).map(Number);
  const shortYear = Number(numbers[year]);
  return utcTime({
    // IBM i reads the two digits as the years 1940 to 2039.
    year: shortYear + (shortYear < 40 ? 2000 : 1900),
    month: Number(numbers[month]),
    day: Number(numbers[day]),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  });
}
