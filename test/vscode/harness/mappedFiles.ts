import type { TestSite } from './testSite.ts';
import { VsCode } from './vsCode.ts';

/** A VS Code whose folder `site` is mapped to `/www`, with the same files on both sides. */
export async function withMappedFiles(site: TestSite, names: readonly string[]): Promise<VsCode> {
  const code = await VsCode.start({ environment: { FTPS_EXPLORER_DEMO: site.writeDemoFile() } });
  const sync = { local: 'site', remote: '/www' };
  const settings = { 'ftps.profiles': { demo: site.profile({ sync }) } };
  code.writeWorkspaceFile('.vscode/settings.json', JSON.stringify(settings));
  for (const name of names) {
    code.writeWorkspaceFile(`site/${name}`, 'local\n');
    site.write(`www/${name}`, 'local\n');
  }
  return code;
}
