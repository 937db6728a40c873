import type { Entry, EntryType } from './entry.ts';
import { months } from './months.ts';
import { type ListedTime, parseUnixLine, readDateColumns } from './unixListing.ts';

/** What lines have in common from their first column to their group. */
interface Columns {
  /** As it is written, with one blank behind the group. */
  readonly text: string;
  readonly type: EntryType;
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

const dateColumns = ` {1,5}(${months.join('|')}) {1,5}(\\d{1,2}) {1,5}(?:(\\d\\d):(\\d\\d)|(\\d{4})) `;
const date = new RegExp(dateColumns, 'iy');
/** Mode, link count, owner and group; size; time; name. */
const usual = new RegExp(`^(\\S{10,11} +\\d+ +\\S+ +\\S+ ) *\\d{1,15}${dateColumns}(.*)$`, 'i');
const anyMonth = new RegExp(` (?:${months.join('|')}) `, 'i');
const [blank, zero] = [0x20, 0x30];
/** Digits of a size that a number holds exactly. */
const mostDigits = 15;

/**
 * Reads the lines of one `ls -l` as {@link parseUnixLine} reads each of them. In a large folder most begin as the one
 * before, and many have its time: those take a third of the time.
 */
export class UnixLines {
  readonly #now: number;
  #columns: Columns | undefined;
  #timeText = '';
  #time: ListedTime | undefined;

  /** @param now milliseconds since the epoch */
  constructor(now: number) {
    this.#now = now;
  }

  /** @returns undefined where it is no such line */
  read(line: string): Entry | undefined {
    const columns = this.#columns;
    if (columns !== undefined && line.startsWith(columns.text)) {
      const entry = this.#readBehind(columns, line);
      if (entry !== undefined) return entry;
    }
    const entry = parseUnixLine(line, this.#now);
    if (entry !== undefined) this.#learn(line, entry);
    return entry;
  }

  #readBehind({ text, type, mode, owner, group }: Columns, line: string): Entry | undefined {
    let at = text.length;
    while (line.charCodeAt(at) === blank) at += 1;
    const first = at;
    let size = 0;
    for (let digit = digitAt(line, at); digit !== undefined; digit = digitAt(line, at)) {
      size = size * 10 + digit;
      at += 1;
    }
    if (at > first + mostDigits) return undefined;
    const end = this.#readTime(line, at);
    if (end === undefined || this.#time === undefined) return undefined;
    const { modifiedAt, modifiedPrecision } = this.#time;
    return { name: line.slice(end), type, size, modifiedAt, modifiedPrecision, mode, owner, group };
  }

  /** @returns where the name begins */
  #readTime(line: string, at: number): number | undefined {
    if (this.#timeText !== '' && line.startsWith(this.#timeText, at)) return at + this.#timeText.length;
    date.lastIndex = at;
    const found = date.exec(line);
    if (found === null) return undefined;
    const [timeText, month, day, hour, minute, year] = found;
    this.#timeText = timeText;
    this.#time = readDateColumns({ month, day, hour, minute, year }, this.#now);
    return at + timeText.length;
  }

  /** Takes over the columns of a line that is read as they say. */
  #learn(line: string, entry: Entry): void {
    const { type, mode, owner, group } = entry;
    if (type !== 'file' && type !== 'directory') return;
    const found = usual.exec(line);
    const [text, name] = [found?.[1], found?.at(-1)];
    // Somebody whose name is that of a month may be part of a date.
    if (text === undefined || name !== entry.name || anyMonth.test(text)) return;
    if (mode === undefined || owner === undefined || group === undefined) return;
    this.#columns = { text, type, mode, owner, group };
  }
}

function digitAt(line: string, at: number): number | undefined {
  const digit = line.charCodeAt(at) - zero;
  return digit >= 0 && digit <= 9 ? digit : undefined;
}
