import type { SyncFiles } from '../../sync/remoteSide.ts';
import type { Connection } from '../connection.ts';

/**
 * The files of a connection for a sync that may outlive one session with the server: each call goes to the present one.
 * @param present the connection as the settings have it now
 */
export function connectedFiles(present: () => Connection): SyncFiles {
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
      const files = await present().run((files) => Promise.resolve(files), unasked);
      yield* files.crawl(path, options, signal);
    },
  };
}
