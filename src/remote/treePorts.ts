import type { FolderReader } from './folderReader.ts';
import type { Leftovers } from './leftovers.ts';
import type { ProgressOptions } from './localFiles.ts';
import type { RemoteChange } from './remoteFileSystem.ts';
import type { SaveResult } from './safeSave.ts';
import type { Sessions } from './sessions.ts';

/** Where work on a tree gets its sessions from. */
export type SessionUse = Pick<Sessions, 'use'>;

/** What work on whole trees needs of the remote file system. */
export interface TreePorts {
  readonly sessions: SessionUse;
  readonly folders: FolderReader;
  readonly leftovers: Leftovers;
  /** Whether large files come in several segments. */
  readonly segmentedTransfers: boolean;
  /** The safe save of one file. */
  upload(
    localFile: string,
    path: string,
    options: ProgressOptions,
    signal?: AbortSignal,
  ): Promise<SaveResult>;
  createDirectory(path: string, signal?: AbortSignal): Promise<void>;
  /** Tells who listens what is now otherwise on the server. */
  changed(changes: readonly RemoteChange[]): void;
}
