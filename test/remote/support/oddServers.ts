import { refusal, type Step } from '../../../src/client/errors.ts';
import type { Entry } from '../../../src/protocol/entry.ts';
import { foldedName } from '../../../src/remote/foldedName.ts';
import type { RemoteClient } from '../../../src/remote/remoteClient.ts';
import { baseName, joinPath, parentPath } from '../../../src/remote/remotePath.ts';
import { isTemporaryName } from '../../../src/remote/temporaryName.ts';

export type Oddity = (client: RemoteClient) => Partial<RemoteClient>;

/** A server's refusal of whatever was asked. */
export function no(code: number, step: Step = 'command'): Error {
  return refusal(step, 'what was asked', { code, lines: ['No.'] });
}

/** Does not rename over what exists. */
export const renamesOverNothing: Oddity = (client) => ({
  rename: async (from, to) => {
    if (await client.stat(to)) throw no(550);
    await client.rename(from, to);
  },
});

/** Finds a file also under a name that differs in case or Unicode form alone. */
export const foldsNames: Oddity = (client) => ({
  stat: async (path, signal) => {
    const folder = parentPath(path);
    const { entries } = await client.list(folder, signal);
    const found = entries.find(({ name }) => foldedName(name) === foldedName(baseName(path)));
    return found && client.stat(joinPath(folder, found.name), signal);
  },
});

/** Lets nobody create a temporary file. */
export const refusesTemporaries: Oddity = (client) => ({
  store: async (path, source, options, signal) => {
    if (isTemporaryName(path.slice(path.lastIndexOf('/') + 1))) throw no(553, 'transfer');
    return client.store(path, source, options, signal);
  },
});

/** Refuses the first upload, because somebody makes its folder only right behind it. */
export function missesFolderAtFirst(makeFolder: () => Promise<void>): Oddity {
  let isFirst = true;
  return (client) => ({
    store: async (path, source, options, signal) => {
      if (!isFirst) return client.store(path, source, options, signal);
      isFirst = false;
      await makeFolder();
      throw no(550, 'transfer');
    },
  });
}

/** MLSD and MLST describe what a link leads to, and leave out a link that leads nowhere, as pyftpdlib's do. */
export const describesTargets: Oddity = (client) => ({
  ...refusesList,
  list: async (path, signal) => {
    const listing = await client.list(path, signal);
    const shown = listing.entries.filter((entry) => !entry.target?.endsWith('nowhere'));
    return { ...listing, entries: shown.map(asTarget) };
  },
  stat: async (path, signal) => {
    const entry = await client.stat(path, signal);
    return entry && asTarget(entry);
  },
});

function asTarget(entry: Entry): Entry {
  if (entry.type !== 'link') return entry;
  return { name: entry.name, type: /\.\w+$/.test(entry.target ?? '') ? 'file' : 'directory' };
}

/** LIST tells links and their targets, whatever MLSD does. */
export const tellsLinksByList: Oddity = (client) => ({
  listLong: (path, signal) => client.listLong(path, signal),
});

/** Tells nothing of a path by STAT. */
export const refusesStatus = {
  command: async () => ({ code: 502, lines: ['No.'] }),
} satisfies Partial<RemoteClient>;

/** Has MLSD alone. */
const refusesList: Partial<RemoteClient> = { ...refusesStatus, listLong: () => Promise.reject(no(502)) };

/** MLST calls a link a file, with the size and the permissions of the link; MLSD hides its target, as ProFTPD's do. */
export const describesLinksAsFiles: Oddity = (client) => ({
  ...refusesList,
  stat: async (path, signal) => {
    const entry = await client.stat(path, signal);
    if (entry?.type !== 'link') return entry;
    return { name: entry.name, type: 'file', size: entry.target?.length ?? 0, mode: 0o777 };
  },
  list: async (path, signal) => {
    const listing = await client.list(path, signal);
    return { ...listing, entries: listing.entries.map(withoutTarget) };
  },
});

function withoutTarget({ name, type }: Entry): Entry {
  return { name, type };
}

/** Does not say what folders and links are. */
export const describesNothing: Oddity = (client) => ({
  ...refusesList,
  list: async (path, signal) => {
    const listing = await client.list(path, signal);
    const entries = listing.entries.map(
      (entry): Entry => (entry.type === 'file' ? entry : { ...entry, type: 'unknown' }),
    );
    return { ...listing, entries };
  },
});

export function both(one: Oddity, other: Oddity): Oddity {
  return (client) => ({ ...one(client), ...other(client) });
}
