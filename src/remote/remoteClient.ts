import type { FtpsClient } from '../client/ftpsClient.ts';

type UsedOfClient =
  | 'closed'
  | 'command'
  | 'features'
  | 'isOpen'
  | 'list'
  | 'listLong'
  | 'stat'
  | 'size'
  | 'modifiedAt'
  | 'setMode'
  | 'retrieve'
  | 'store'
  | 'hash'
  | 'createDirectory'
  | 'removeDirectory'
  | 'deleteFile'
  | 'rename'
  | 'moveVerified'
  | 'noop'
  | 'quit'
  | 'destroy';

/** What this layer uses of a session; tests put a client of their own in its place. */
export type RemoteClient = Pick<FtpsClient, UsedOfClient>;
