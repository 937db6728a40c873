import type { RemoteEntry } from '../../../src/remote/remoteEntry.ts';

/** A remote file, but for what a test says of it. */
export function entryOf(path: string, facts: Partial<RemoteEntry> = {}): RemoteEntry {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return { path, name, type: 'file', size: 0, modifiedAt: 0, timeSource: 'facts', ...facts };
}
