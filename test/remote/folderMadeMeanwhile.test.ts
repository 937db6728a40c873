import { mkdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { missesFolderAtFirst } from './support/oddServers.ts';
import { anyway, bytesOf, Site } from './support/site.ts';

it('saves beside the file also where its folder is made right behind the first attempt', async () => {
  let makeFolder = async (): Promise<void> => {};
  await using site = await Site.start({ oddity: missesFolderAtFirst(() => makeFolder()) });
  makeFolder = async () => {
    await mkdir(site.local('new'));
  };
  const saved = await site.files.writeFile('/new/index.html', bytesOf('first'), anyway);
  expect(saved.method).toBe('created');
  expect(saved.note).toBeUndefined();
  expect(await site.text('new/index.html')).toBe('first');
});
