import { FtpsClient } from '../../../src/client/ftpsClient.ts';
import type { RemoteClient } from '../../../src/remote/remoteClient.ts';
import { RemoteFileSystem } from '../../../src/remote/remoteFileSystem.ts';
import { SessionPool } from '../../../src/remote/sessionPool.ts';

interface Door {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly ca: string;
}

/** The files of a server, over four sessions at most. */
export function filesOf({ host, port, user, password, ca }: Door): RemoteFileSystem {
  const connect = (signal: AbortSignal): Promise<FtpsClient> =>
    FtpsClient.connect(
      { host, port, security: 'explicit', user, password, tls: { ca: [ca], servername: host } },
      signal,
    );
  return new RemoteFileSystem(new SessionPool<RemoteClient>(connect, { limit: 4 }));
}
