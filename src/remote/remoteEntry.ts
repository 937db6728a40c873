import type { Entry, EntryType, TimePrecision } from '../protocol/entry.ts';

/** A file, folder or link on the server. */
export interface RemoteEntry {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  readonly type: EntryType;
  /** Of a link, as the server gives it. */
  readonly linkTarget?: string;
  /** Of a link, once it has been followed; absent while unknown and when it leads nowhere. */
  readonly targetType?: 'file' | 'directory';
  /** Bytes; 0 when unknown. */
  readonly size: number;
  /** Milliseconds since the epoch; 0 when unknown, never the present. */
  readonly modifiedAt: number;
  /** Where `modifiedAt` comes from. Times of a LIST are in the server's own zone and often without seconds: never compare them with those of `facts`. */
  readonly timeSource: 'facts' | 'list';
  /** Unix permissions, such as 0o644. */
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
  /** Another one where another file has taken the name, on servers that tell it. RFC 3659 §7.5.2 */
  readonly unique?: string;
  /** How exactly `modifiedAt` is told; absent when it is unknown. */
  readonly timePrecision?: TimePrecision;
  /** Milliseconds by which `modifiedAt` of a LIST is ahead of UTC, where that is known. */
  readonly aheadOfUtc?: number;
}

/** Whose a file is, as one source tells it: MLST writes owners and groups otherwise than STAT and LIST. */
export type Ownership = Pick<RemoteEntry, 'owner' | 'group'>;

export interface RemoteListing {
  readonly entries: readonly RemoteEntry[];
  /** False when something in the folder could not be told: then nobody may conclude that a name is not there. */
  readonly complete: boolean;
  /** Lines of the server that could not be used. */
  readonly dropped: readonly string[];
  /** What the server said when it cut the listing at a limit of its own. */
  readonly cutShort?: string;
}

export function toRemoteEntry(path: string, entry: Entry, timeSource: 'facts' | 'list'): RemoteEntry {
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    type: entry.type,
    ...(entry.target === undefined ? {} : { linkTarget: entry.target }),
    size: entry.size ?? 0,
    modifiedAt: entry.modifiedAt ?? 0,
    timeSource,
    ...(entry.modifiedPrecision === undefined ? {} : { timePrecision: entry.modifiedPrecision }),
    ...(entry.mode === undefined ? {} : { mode: entry.mode }),
    ...(entry.owner === undefined ? {} : { owner: entry.owner }),
    ...(entry.group === undefined ? {} : { group: entry.group }),
    ...(entry.unique === undefined ? {} : { unique: entry.unique }),
  };
}

/**
 * An entry as its folder's listing shows it.
 * @param timeOffset milliseconds by which the times of LIST are ahead of UTC, where that is known
 */
export function toListedEntry(
  folder: string,
  entry: Entry,
  source: 'mlsd' | 'list',
  timeOffset?: number,
): RemoteEntry {
  const path = `${folder === '/' ? '' : folder}/${entry.name}`;
  if (source === 'mlsd') return toRemoteEntry(path, entry, 'facts');
  const listed = toRemoteEntry(path, entry, 'list');
  return timeOffset === undefined ? listed : { ...listed, aheadOfUtc: timeOffset };
}

/**
 * Milliseconds since the epoch, for people; 0 when unknown. `modifiedAt` itself stays as it was listed: versions of a
 * file are told apart by it, and must not all seem new when the server's zone becomes known or changes.
 */
export function timeInUtc({ modifiedAt, aheadOfUtc = 0 }: RemoteEntry): number {
  return modifiedAt === 0 ? 0 : modifiedAt - aheadOfUtc;
}

/** Whether a file is another version than before, by what the server told then and tells now; undefined: it leaves that open. */
export function isOtherVersion(before: RemoteEntry, now: RemoteEntry): boolean | undefined {
  if (before.size !== now.size) return true;
  // A link has an identity of its own beside that of the file behind it.
  const tellsUnique = before.unique !== undefined && now.unique !== undefined && before.type === now.type;
  if (tellsUnique && before.unique !== now.unique) return true;
  const tellsTime = before.modifiedAt !== 0 && now.modifiedAt !== 0 && before.timeSource === now.timeSource;
  return tellsTime ? before.modifiedAt !== now.modifiedAt : undefined;
}

/** Whether a path can be listed, links counted as what they lead to. */
export function isFolder(entry: RemoteEntry): boolean {
  return entry.type === 'directory' || entry.targetType === 'directory';
}
