import type { RemoteClient } from './remoteClient.ts';
import type { RemoteEntry } from './remoteEntry.ts';
import { resolveLinkTarget } from './remotePath.ts';

const mostHops = 8;

/** What a link leads to: with the target's type, size and time; without a target type when it leads nowhere. */
export async function followLink(
  client: RemoteClient,
  link: RemoteEntry,
  signal?: AbortSignal,
): Promise<RemoteEntry> {
  const target =
    (await statTarget(client, link, signal)) ?? (await followedByServer(client, link.path, signal));
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

async function statTarget(client: RemoteClient, link: RemoteEntry, signal?: AbortSignal) {
  let path = link.path;
  let target = link.linkTarget;
  for (let hop = 0; hop < mostHops && target !== undefined; hop++) {
    path = resolveLinkTarget(path, target);
    const entry = await client.stat(path, signal);
    if (entry?.type !== 'link') return entry;
    target = entry.target;
  }
  return undefined;
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
