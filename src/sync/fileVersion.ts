import { isNumber, isObject, isOneOf } from './fields.ts';

const precisions = ['millisecond', 'second', 'minute', 'day'] as const;
/** How exactly a time is told. */
type Precision = (typeof precisions)[number];
const sources = ['local', 'facts', 'list'] as const;

/** What tells one version of a file from another without reading it. */
export interface FileVersion {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch by the clock of the side that tells it; 0 when unknown. */
  readonly modifiedAt: number;
  readonly precision: Precision;
  /** Who tells it. Times of a LIST are in a zone of the server's own: they compare among themselves alone. */
  readonly source: (typeof sources)[number];
}

/** A version whose content was known when it was seen. */
export interface SeenVersion extends FileVersion {
  /** When it was first seen, in milliseconds since the epoch by this computer's clock. */
  readonly firstSeen: number;
  /** When its content was last known to be what it was at first, by the same clock. */
  readonly lastSeen: number;
}

/** `doubtful`: only the content can tell. */
export type Comparison = 'same' | 'different' | 'doubtful';

const length: Readonly<Record<Precision, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  day: 86_400_000,
};

/** Milliseconds within which a computer may give two changes the same time, however exactly it tells it. */
const tick = 20;
/** Servers that list local times move them when summer time begins or ends. */
const hour = 3_600_000;
/** Milliseconds by which clocks of two computers, zones confused and all, are believed to differ at most. */
const mostSkew = 26 * hour;

/**
 * Compares what one side told of a file before with what it tells now. Clocks of different computers are not compared,
 * so it does not matter how far apart they are. A change that keeps the size and comes within the same second as the
 * version before it, or within the same minute of a LIST, does not show: such versions are doubtful until they are
 * known to be older than that.
 */
export function compareVersions(before: SeenVersion, now: FileVersion): Comparison {
  if (before.size !== now.size) return 'different';
  if (before.source !== now.source || before.modifiedAt === 0 || now.modifiedAt === 0) return 'doubtful';
  // An entry of a LIST loses its hour and minute once it is half a year old.
  const unit = Math.max(length[before.precision], length[now.precision]);
  const isSameTime =
    now.source === 'local'
      ? before.modifiedAt === now.modifiedAt
      : Math.floor(before.modifiedAt / unit) === Math.floor(now.modifiedAt / unit);
  if (isSameTime) return knownAge(before) > Math.max(2 * unit, tick) ? 'same' : 'doubtful';
  const apart = Math.abs(before.modifiedAt - now.modifiedAt);
  const mayBeZone =
    now.source === 'list' && (apart === hour || (unit === length.day && apart <= unit + hour));
  return mayBeZone ? 'doubtful' : 'different';
}

/**
 * Whether a save may take a version for the one before, without reading the file. What is left out of account is that
 * somebody else changes a file, and keeps its size, within the very second in which it was carried over, as the server
 * tells it: whoever compares whole folders reads such a file, and so does a save that follows at once.
 * @param at milliseconds since the epoch by this computer's clock
 */
export function isTakenForSame(before: SeenVersion, now: FileVersion, at: number): boolean {
  const comparison = compareVersions(before, now);
  if (comparison !== 'doubtful') return comparison === 'same';
  const isExact = length[before.precision] <= length.second && before.precision === now.precision;
  const isOld = at - before.firstSeen > 2 * length[now.precision];
  return isExact && isToldAlike(before, now) && now.modifiedAt !== 0 && isOld;
}

/** Whether two answers of one side mean the same version, as exactly as they tell. */
export function isSameVersion(expected: FileVersion, now: FileVersion): boolean {
  if (expected.size !== now.size) return false;
  // Times of different sources say nothing about each other.
  return expected.source !== now.source || expected.modifiedAt === now.modifiedAt;
}

/** Whether a side has told the very same of two versions, in the same way. */
export function isToldAlike(one: FileVersion, other: FileVersion): boolean {
  return one.source === other.source && isSameVersion(one, other);
}

/** A version of a file, with what is known of the clock that dates it. */
export interface DatedVersion {
  readonly version: FileVersion;
  /** Milliseconds by which the times of a LIST are ahead of UTC, where that is known. */
  readonly aheadOfUtc?: number;
}

/** Whether a version is later than that of another side, at any moment that either time may stand for. */
export function isNewer(one: DatedVersion, other: DatedVersion): boolean {
  if (one.version.modifiedAt === 0 || other.version.modifiedAt === 0) return false;
  const least = doubtOf(one) + doubtOf(other) + length[other.version.precision];
  return utcOf(one) - utcOf(other) >= least;
}

function utcOf({ version, aheadOfUtc = 0 }: DatedVersion): number {
  return version.modifiedAt - aheadOfUtc;
}

/** Milliseconds by which the time may be off. The zone of a server is known as it is now, not as it was half a year ago. */
function doubtOf({ version, aheadOfUtc }: DatedVersion): number {
  if (version.source !== 'list') return 0;
  return aheadOfUtc === undefined ? mostSkew : hour;
}

/** Milliseconds for which the file is known not to have changed, up to when it was last seen. */
function knownAge({ firstSeen, lastSeen, modifiedAt, source }: SeenVersion): number {
  const byClock = lastSeen - modifiedAt - (source === 'local' ? 0 : mostSkew);
  return Math.max(lastSeen - firstSeen, byClock);
}

/** Whether something that was kept as JSON is a version. */
export function isFileVersion(value: unknown): value is FileVersion {
  if (!isObject(value) || !isNumber(value['size']) || !isNumber(value['modifiedAt'])) return false;
  return isOneOf(precisions, value['precision']) && isOneOf(sources, value['source']);
}
