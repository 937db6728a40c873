import type { RemoteClient } from './remoteClient.ts';
import { type RemoteEntry, toRemoteEntry } from './remoteEntry.ts';
import { walkLink } from './walkLink.ts';

/**
 * What a link leads to: with the target's type, size and time; without a target type when it leads nowhere.
 * @param kindOf what a folder is by the listing that it is in
 */
export async function followLink(
  client: RemoteClient,
  link: RemoteEntry,
  kindOf: (folder: string) => Promise<RemoteEntry | undefined>,
  signal?: AbortSignal,
): Promise<RemoteEntry> {
  const ask = async (path: string): Promise<RemoteEntry | undefined> => {
    const entry = await client.stat(path, signal);
    return entry && toRemoteEntry(path, entry, 'facts');
  };
  const target =
    (await walkLink(link, { ask, kindOf })) ?? (await followedByServer(client, link.path, signal));
  if (target) {
    return {
      ...link,
      targetType: target.type === 'directory' ? 'directory' : 'file',
      size: target.size ?? 0,
      modifiedAt: target.modifiedAt ?? 0,
      timeSource: 'facts',
    };
  }
  // The target is not told, or told as the server's own disk names it. SIZE still answers for the file behind it …
  const [size, modifiedAt] = await Promise.all([
    client.size(link.path, signal),
    client.modifiedAt(link.path, signal),
  ]);
  const facts = { size: size ?? 0, modifiedAt: modifiedAt ?? 0, timeSource: 'facts' as const };
  if (size !== undefined) return { ...link, ...facts, targetType: 'file' };
  // … and a listing for the folder.
  const listable = await canBeListed(client, link.path, signal);
  return { ...link, ...facts, ...(listable ? { targetType: 'directory' as const } : {}) };
}

/** SIZE, MDTM and CWD follow links. MLST does on some servers only, and then does not say so. */
async function followedByServer(client: RemoteClient, path: string, signal?: AbortSignal) {
  return client.features.has('MLST') ? undefined : client.stat(path, signal);
}

async function canBeListed(client: RemoteClient, path: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await client.list(path, signal);
    return true;
  } catch (error) {
    if (!client.isOpen || signal?.aborted) throw error;
    return false;
  }
}
