import { startWithDemo } from './startWithDemo.ts';
import type { TestSite } from './testSite.ts';
import type { VsCode } from './vsCode.ts';

/** A VS Code whose folder `site` is mapped to `/www`, with the same files on both sides. */
export async function withMappedFiles(site: TestSite, names: readonly string[]): Promise<VsCode> {
  const sync = { local: 'site', remote: '/www' };
  const code = await startWithDemo(site, { demo: site.profile({ sync }) });
  for (const name of names) {
    code.writeWorkspaceFile(`site/${name}`, 'local\n');
    site.write(`www/${name}`, 'local\n');
  }
  return code;
}
