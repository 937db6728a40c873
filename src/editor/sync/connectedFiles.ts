import type { RemoteEntry } from '../../remote/remoteEntry.ts';
import { isTemporaryName } from '../../remote/temporaryName.ts';
import type { SyncFiles } from '../../sync/remoteSide.ts';
import type { Connection } from '../connection.ts';

/** Told what a connection has listed in a folder, or below it. */
export type OnListed = (connection: Connection, folder: string, entries: readonly RemoteEntry[]) => void;

/**
 * The files of a connection for a sync that may outlive one session with the server: each call goes to the present one.
 * @param present the connection as the settings have it now
 * @param onUnfinished told of unfinished uploads, which a sync itself leaves alone
 */
export function connectedFiles(present: () => Connection, onUnfinished?: OnListed): SyncFiles {
  const unasked = { gesture: false };
  return {
    stat: (path, options, signal) => present().run((files) => files.stat(path, options, signal), unasked),
    upload: (localFile, path, options, signal) =>
      present().run((files) => files.upload(localFile, path, options, signal), unasked),
    download: (path, localFile, options, signal) =>
      present().run((files) => files.download(path, localFile, options, signal), unasked),
    delete: (path, options, signal) => present().run((files) => files.delete(path, options, signal), unasked),
    createDirectory: (path, signal) => present().run((files) => files.createDirectory(path, signal), unasked),
    hash: (path, signal) => present().run((files) => files.hash(path, signal), unasked),
    async *crawl(path, options, signal) {
      const connection = present();
      const files = await connection.run((files) => Promise.resolve(files), unasked);
      const unfinished: RemoteEntry[] = [];
      for await (const folder of files.crawl(path, options, signal)) {
        const entries = folder.failure ? [] : folder.entries;
        unfinished.push(...entries.filter(({ name }) => isTemporaryName(name)));
        yield folder;
      }
      onUnfinished?.(connection, path, unfinished);
    },
  };
}
