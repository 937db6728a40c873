import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/client/errors.ts';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import type { RemoteEntry } from '../../src/remote/remoteEntry.ts';
import { baseName } from '../../src/remote/remotePath.ts';
import { isTemporaryName } from '../../src/remote/temporaryName.ts';
import { no } from './support/oddServers.ts';
import { anyway, bytesOf, Site, type SiteOptions } from './support/site.ts';

/** Notes which copies are kept on this computer, and which of them are let go of. */
function copies() {
  const kept: string[] = [];
  const keepLocalCopy = async (path: string) => {
    kept.push(path);
    return async () => void kept.push('released');
  };
  return { kept, keepLocalCopy };
}

/** A server that opens the file of every upload, which empties it, and then fails. */
async function startEmptying(
  code: (name: string) => number,
  options: SiteOptions = {},
  step: Step = 'transfer',
): Promise<Site> {
  const site: Site = await Site.start({
    ...options,
    oddity: () => ({
      store: async (path) => {
        const refused = code(baseName(path));
        if (refused < 550) await site.seed(path.slice(1), '');
        throw no(refused, step);
      },
    }),
  });
  await site.seed('index.html', 'old');
  return site;
}

describe('a save whose data connection fails', () => {
  it.each<[number, Step]>([
    [425, 'transfer'],
    [426, 'transfer'],
    [450, 'transfer'],
    [451, 'transfer'],
    [521, 'transfer'],
    [522, 'transfer'],
    [534, 'transfer'],
    [425, 'dataConnect'],
    [550, 'dataConnect'],
  ])('with %d at %s never turns to the file itself', async (code, step) => {
    const { kept, keepLocalCopy } = copies();
    await using site = await startEmptying(() => code, { keepLocalCopy }, step);
    const save = site.files.writeFile('/index.html', bytesOf('new'), anyway);
    await expect(save).rejects.toThrow(`${code} No`);
    expect(await site.text('index.html')).toBe('old');
    expect(await site.names()).toEqual(['index.html']);
    expect(kept).toEqual([]);
  });

  it.each([425, 450, 451, 522])(
    'with %d while the file itself is written keeps the copy here, and says that the file may be incomplete',
    async (code) => {
      const { kept, keepLocalCopy } = copies();
      await using site = await startEmptying((name) => (isTemporaryName(name) ? 553 : code), {
        keepLocalCopy,
      });
      const save = site.files.writeFile('/index.html', bytesOf('new'), anyway);
      await expect(save).rejects.toThrow(/may be incomplete on the server.*kept on this computer/);
      expect(kept).toEqual(['/index.html']);
    },
  );

  it('lets go of the copy here where the server takes no file under either name', async () => {
    const { kept, keepLocalCopy } = copies();
    await using site = await startEmptying(() => 550, { keepLocalCopy });
    const save = site.files.writeFile('/index.html', bytesOf('new'), anyway);
    await expect(save).rejects.toThrow(/^(?!.*incomplete)/);
    await expect(save).rejects.toMatchObject({ kind: 'noPermission' });
    expect(kept).toEqual(['/index.html', 'released']);
    expect(await site.text('index.html')).toBe('old');
  });
});

describe('a file that has to be written directly, and that a colleague saves meanwhile,', () => {
  type Act = () => Promise<void>;

  const ofAnother =
    (act: Act) =>
    (client: RemoteClient): Partial<RemoteClient> => ({
      store: async (path, source, options, signal) => {
        const sent = await client.store(path, source, options, signal);
        if (isTemporaryName(baseName(path))) await act();
        return sent;
      },
      stat: async (path) => {
        const entry = await client.stat(path);
        return entry && { ...entry, owner: isTemporaryName(entry.name) ? 'anna' : 'www-data' };
      },
    });

  const withoutTemporaries =
    (act: Act) =>
    (client: RemoteClient): Partial<RemoteClient> => ({
      store: async (path, ...words) => {
        if (!isTemporaryName(baseName(path))) return client.store(path, ...words);
        await act();
        throw no(553, 'transfer');
      },
    });

  const withoutRenames = (act: Act) => (): Partial<RemoteClient> => ({
    rename: async () => {
      await act();
      throw no(550);
    },
  });

  const reasons: [string, (act: Act) => (client: RemoteClient) => Partial<RemoteClient>][] = [
    ['because of its owner', ofAnother],
    ['because no temporary file may be created', withoutTemporaries],
    ['because nothing may be renamed', withoutRenames],
  ];

  it.each(reasons)('%s keeps what the colleague saved', async (_, oddity) => {
    const { kept, keepLocalCopy } = copies();
    const save = (): Promise<void> => site.seed('page.html', 'of a colleague');
    await using site: Site = await Site.start({ oddity: oddity(save), keepLocalCopy });
    await site.seed('page.html', 'old');
    await expect(site.files.writeFile('/page.html', bytesOf('new'), anyway)).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringContaining('changed it on the server meanwhile'),
    });
    expect(await site.text('page.html')).toBe('of a colleague');
    expect(await site.names()).toEqual(['page.html']);
    expect(kept).toEqual([]);
  });

  it.each(reasons)('%s is asked about as it is now', async (_, oddity) => {
    const asked = new Set<number | undefined>();
    const approve = (existing: RemoteEntry | undefined): void => void asked.add(existing?.size);
    const save = (): Promise<void> => site.seed('page.html', 'of a colleague');
    await using site: Site = await Site.start({ oddity: oddity(save) });
    await site.seed('page.html', 'old');
    const result = await site.files.writeFile('/page.html', bytesOf('new'), { ...anyway, approve });
    expect(result.method).toBe('direct');
    expect([...asked]).toEqual([3, 14]);
    expect(await site.text('page.html')).toBe('new');
  });
});
