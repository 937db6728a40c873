import type { BaselineEntry } from './baseline.ts';
import { type FileVersion, isTakenForSame } from './fileVersion.ts';

export interface SaveFacts {
  /** What was in step when the file was last carried over; undefined when it never was. */
  readonly base: BaselineEntry | undefined;
  /** What the server has now; undefined when nothing. */
  readonly remote: FileVersion | undefined;
  /** SHA-256 of the local file as it is to be uploaded. */
  readonly hash: string;
  /** SHA-256 of the local file before the editor saved it, where that is known. */
  readonly previousHash: string | undefined;
  /** SHA-256 of what the server has, once it has been read. */
  readonly remoteHash: string | undefined;
  /** Milliseconds since the epoch by this computer's clock. */
  readonly now: number;
}

/**
 * `upload`: nobody else has changed it; `same`: the server has it already; `read`: only its content on the server can
 * tell; `ask`: somebody else has changed or deleted it.
 */
export type SaveVerdict = 'upload' | 'same' | 'read' | 'ask';

/** Whether a saved file may replace what the server has, without asking anybody. Clocks are not compared. */
export function checkSave({ base, remote, hash, previousHash, remoteHash, now }: SaveFacts): SaveVerdict {
  if (!remote) return base?.kind === 'file' ? 'ask' : 'upload';
  if (base?.kind === 'file' && isTakenForSame(base.remote, remote, now)) {
    return hash === base.hash ? 'same' : 'upload';
  }
  if (remoteHash === undefined) return 'read';
  if (remoteHash === hash) return 'same';
  const known = base?.kind === 'file' ? base.hash : previousHash;
  return remoteHash === known ? 'upload' : 'ask';
}
