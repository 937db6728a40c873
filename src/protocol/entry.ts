export type EntryType = 'file' | 'directory' | 'link' | 'unknown';

/** How exact a time is. Times of different precision cannot be compared for equality. */
export type TimePrecision = 'millisecond' | 'second' | 'minute' | 'day';

/** One name in a directory, as the server tells it. What it does not tell is absent. */
export interface Entry {
  readonly name: string;
  readonly type: EntryType;
  /** In bytes. */
  readonly size?: number;
  /** Milliseconds since the epoch. LIST tells no zone: its times are taken for UTC. */
  readonly modifiedAt?: number;
  readonly modifiedPrecision?: TimePrecision;
  /** What a link points to, as the server gives it. */
  readonly target?: string;
  /** Permission bits, such as 0o644, with set-user-id, set-group-id and sticky. */
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
  /** The perm fact of MLSD in lower case: what this user may do. RFC 3659 §7.5.5 */
  readonly permissions?: string;
  /** The same for two names of one file. RFC 3659 §7.5.2 */
  readonly unique?: string;
}
