import type { Entry, EntryType } from './entry.ts';
import { ProtocolError } from './errors.ts';
import { breaksLine } from './printable.ts';
import type { Reply } from './reply.ts';
import { formatTimestamp, parseTimestamp } from './timestamp.ts';

/** The facts of one line, by their names in lower case, and the name they belong to. RFC 3659 §7.2 */
interface MlsdLine {
  readonly facts: ReadonlyMap<string, string>;
  readonly name: string;
}

/** Takes a line of MLSD apart: facts, one space, name. undefined where it is no such line. */
export function splitMlsdLine(line: string): MlsdLine | undefined {
  const end = endOfFacts(line);
  if (end < 0) return undefined;
  const facts = new Map<string, string>();
  // Every character is looked at once, however many semicolons or equals signs there are.
  let equals = line.indexOf('=');
  for (let start = 0, stop = 0; start < end && equals >= 0; start = stop + 1) {
    stop = line.indexOf(';', start);
    if (stop < 0 || stop > end) stop = end;
    if (equals < start) equals = line.indexOf('=', start);
    if (equals > start && equals < stop)
      facts.set(line.slice(start, equals).toLowerCase(), line.slice(equals + 1, stop));
  }
  if (end > 0 && facts.size === 0) return undefined;
  return { facts, name: line.slice(end + 1) };
}

/** Where the space between facts and name is: the first one, unless that is in the target which ProFTPD tells of a link. */
function endOfFacts(line: string): number {
  const first = line.indexOf(' ');
  // Facts end with a semicolon: only what breaks that rule is looked at more closely, for it costs time.
  if (line.charAt(first - 1) === ';') return first;
  const facts = line.slice(0, Math.max(first, 0));
  if (!/=os\.[^=]+=s(?:ym)?link:/i.test(facts.slice(facts.lastIndexOf(';') + 1))) return first;
  const behindTarget = line.indexOf('; ', first);
  return behindTarget < 0 ? first : behindTarget + 1;
}

/** Whether the line stands for the listed directory itself or its parent. */
export function isSelfOrParent(line: MlsdLine): boolean {
  const type = line.facts.get('type')?.toLowerCase();
  return type === 'cdir' || type === 'pdir';
}

/** What the facts tell; facts that are not known here or make no sense are passed over. */
export function mlsdEntry({ facts, name }: MlsdLine): Entry {
  const { type, target } = readType(facts.get('type') ?? '');
  const size = readNumber(facts.get('size') ?? facts.get('sizd'), /^\d{1,16}$/, 10);
  // pyftpdlib writes the octal number as Python does.
  const mode = readNumber(facts.get('unix.mode')?.replace(/^0o/i, ''), /^[0-7]{3,6}$/, 8);
  const modify = facts.get('modify') ?? '';
  const modifiedAt = parseTimestamp(modify);
  // Numbers first: as names ProFTPD tells those of whoever has logged in, whatever the file's are.
  const owner = facts.get('unix.owner') ?? facts.get('unix.uid') ?? facts.get('unix.ownername');
  const group = facts.get('unix.group') ?? facts.get('unix.gid') ?? facts.get('unix.groupname');
  const permissions = facts.get('perm')?.toLowerCase();
  const unique = facts.get('unique');
  // Property by property: of a large folder this is half the time that spreading takes.
  const entry: { -readonly [fact in keyof Entry]: Entry[fact] } = { name, type };
  if (size !== undefined) entry.size = size;
  if (modifiedAt !== undefined) {
    entry.modifiedAt = modifiedAt;
    entry.modifiedPrecision = modify.includes('.') ? 'millisecond' : 'second';
  }
  if (target !== undefined) entry.target = target;
  if (mode !== undefined) entry.mode = mode & 0o7777;
  if (owner !== undefined) entry.owner = owner;
  if (group !== undefined) entry.group = group;
  if (permissions !== undefined) entry.permissions = permissions;
  if (unique !== undefined) entry.unique = unique;
  return entry;
}

/**
 * Reads the answer to MLST; the name is the path as the server gives it, and a directory may call itself "cdir".
 * @throws ProtocolError where no line of the reply tells facts
 */
export function parseMlst(reply: Reply): Entry {
  for (const line of reply.lines.slice(1, -1)) {
    const parts = splitMlsdLine(line.replace(/^(?:250-)? ?/, ''));
    if (parts !== undefined && parts.facts.size > 0) {
      return { ...mlsdEntry(parts), ...(isSelfOrParent(parts) && { type: 'directory' }) };
    }
  }
  throw new ProtocolError('the reply to MLST tells no facts');
}

const defaultFacts = ['type', 'size', 'modify', 'perm', 'UNIX.mode', 'unique'];

/** One line of MLSD, or of MLST behind its space. What the entry lacks is left out. @throws ProtocolError on CR, LF, NUL */
export function formatMlsdLine(entry: Entry, facts: readonly string[] = defaultFacts): string {
  const told = facts.map((fact) => {
    const value = factValue(entry, fact.toLowerCase());
    return value === undefined ? '' : `${fact}=${value};`;
  });
  const line = `${told.join('')} ${entry.name}`;
  if (breaksLine(line)) throw new ProtocolError('a listing cannot hold a name with CR, LF or NUL');
  return line;
}

function factValue(entry: Entry, fact: string): string | undefined {
  switch (fact) {
    case 'type':
      return typeValue(entry);
    case 'size':
      return entry.type === 'directory' ? undefined : entry.size?.toString();
    case 'modify':
      return entry.modifiedAt === undefined
        ? undefined
        : formatTimestamp(
            entry.modifiedAt,
            entry.modifiedPrecision === 'millisecond' ? 'millisecond' : 'second',
          );
    case 'perm':
      return entry.permissions;
    case 'unix.mode':
      return entry.mode?.toString(8).padStart(4, '0');
    case 'unix.owner':
    case 'unix.ownername':
      return entry.owner;
    case 'unix.group':
    case 'unix.groupname':
      return entry.group;
    case 'unique':
      return entry.unique;
    default:
      return undefined;
  }
}

function typeValue({ type, target }: Entry): string | undefined {
  if (type === 'unknown') return undefined;
  if (type !== 'link') return type === 'file' ? 'file' : 'dir';
  // A target with one of these would break the line apart.
  return target === undefined || /[; ]/.test(target) ? 'OS.unix=symlink' : `OS.unix=slink:${target}`;
}

function readType(value: string): { readonly type: EntryType; readonly target?: string } {
  switch (value.toLowerCase()) {
    case 'file':
      return { type: 'file' };
    case 'dir':
      return { type: 'directory' };
  }
  const link = /^os\.[^=]+=s(?:ym)?link(?::(.*))?$/i.exec(value);
  if (link === null) return { type: 'unknown' };
  return link[1] ? { type: 'link', target: link[1] } : { type: 'link' };
}

function readNumber(text: string | undefined, form: RegExp, base: number): number | undefined {
  if (text === undefined || !form.test(text)) return undefined;
  const number = Number.parseInt(text, base);
  return Number.isSafeInteger(number) ? number : undefined;
}
