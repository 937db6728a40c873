import { describe, expect, it } from 'vitest';
import { baseName } from '../../src/remote/remotePath.ts';
import { isTemporaryName } from '../../src/remote/temporaryName.ts';
import { no, type Oddity } from './support/oddServers.ts';
import { anyway, bytesOf, Site } from './support/site.ts';

describe('an unfinished file that could not be removed at once', () => {
  it.each([
    ['is removed later where that was for the moment', 450, ['a.txt']],
    ['stays where the server refuses that for good', 550, ['.a', 'a.txt']],
  ])('%s', async (_, code, left) => {
    let isBroken = true;
    const oddity: Oddity = (client) => ({
      deleteFile: (path, signal) =>
        isBroken && isTemporaryName(baseName(path))
          ? Promise.reject(no(code))
          : client.deleteFile(path, signal),
      moveVerified: (...args) => (isBroken ? Promise.reject(no(451)) : client.moveVerified(...args)),
    });
    await using site = await Site.start({ oddity });
    await site.seed('a.txt', 'old');
    await expect(site.files.writeFile('/a.txt', bytesOf('new'), anyway)).rejects.toThrow();
    isBroken = false;
    await site.files.writeFile('/a.txt', bytesOf('newer'), anyway);
    const names = await site.names();
    expect(names.map((name) => name.replace(/\.ftps-explorer-.*/, ''))).toEqual(left);
  });
});
