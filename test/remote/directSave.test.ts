import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/client/errors.ts';
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
