import type { ContentDigest } from '../remote/contentDigest.ts';
import { RemoteError } from '../remote/errors.ts';
import type { BaselineEntry } from './baseline.ts';
import type { FileVersion } from './fileVersion.ts';
import type { SideNode } from './sideTree.ts';
import type { SnapshotWriter } from './snapshotStore.ts';

/** What somebody saw at a path and decided upon: whoever acts makes sure that it is still so. */
export interface Expected {
  /** Undefined: nothing was there. */
  readonly node: SideNode | undefined;
  /** SHA-256 of the content, where it is known; then it is what counts. */
  readonly hash?: string | undefined;
}

/** The content of a file as it was at one moment, whole, in a file of the product's own. */
export interface StagedContent {
  readonly file: string;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
  readonly version: FileVersion;
  /** Whether a link of that very name leads to it: syncs leave links alone, so that no note is taken of it. */
  readonly isLink?: boolean;
}

/** What a change of one path needs beside the path. */
export interface ChangeContext {
  readonly expected: Expected;
  readonly snapshot: SnapshotWriter;
  /** The baseline before, kept for an undo. */
  readonly before?: BaselineEntry | undefined;
  /** Permissions that a file had before it was deleted: it gets them back. One that is there keeps its own. */
  readonly mode?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One side of a pair as a sync changes it. Paths are relative, with `/`. Whatever is overwritten or deleted is kept in
 * the snapshot before, on the disk; a side that is not as expected is left alone.
 * @throws RemoteError of every call; `conflict` when something has changed meanwhile
 */
export interface Side {
  /** A copy of the file as expected. */
  stage(path: string, expected: Expected, signal?: AbortSignal): Promise<StagedContent>;
  /** What the side itself computes of the bytes of the file as expected, where it computes anything. */
  digest?(path: string, expected: Expected, signal?: AbortSignal): Promise<ContentDigest | undefined>;
  /** Puts the content at the path, where there is a file or nothing. @returns what the side then tells of it */
  put(path: string, content: StagedContent, context: ChangeContext): Promise<FileVersion>;
  /** Deletes a file. */
  remove(path: string, context: ChangeContext): Promise<void>;
  /** Makes a folder, and those around it that are missing; one that is there will do. */
  makeFolder(path: string, context: ChangeContext): Promise<void>;
  /** Makes sure that nothing is there under this very name. @throws RemoteError `conflict` */
  requireNothing(path: string, signal?: AbortSignal): Promise<void>;
  /** Deletes a folder that is empty. */
  removeFolder(path: string, context: ChangeContext): Promise<void>;
}

export function changedMeanwhile(path: string, where: string): RemoteError {
  const message = `${path} has changed ${where} since the comparison, so it was left as it is. Compare again.`;
  return new RemoteError('conflict', path, message, { retryable: true });
}

/** The disk takes the name for that of something else. */
export function namesMeet(path: string): RemoteError {
  const message = `${path} was left as it is: this computer takes its name for another one there, which differs in case or Unicode form alone. Rename one of the two.`;
  return new RemoteError('conflict', path, message);
}
