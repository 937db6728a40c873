import type { FtpsClient } from '../client/ftpsClient.ts';

type UsedOfClient =
  | 'closed'
  | 'features'
  | 'isOpen'
  | 'list'
  | 'stat'
  | 'size'
  | 'modifiedAt'
  | 'setMode'
  | 'retrieve'
  | 'store'
  | 'createDirectory'
  | 'removeDirectory'
  | 'deleteFile'
  | 'rename'
  | 'noop'
  | 'quit'
  | 'destroy';

/** What this layer uses of a session; tests put a client of their own in its place. */
export interface RemoteClient extends Pick<FtpsClient, UsedOfClient> {
  /** LIST, whatever else the server has: many tell links, their targets and modes nowhere else. */
  readonly listLong?: FtpsClient['list'];
}
