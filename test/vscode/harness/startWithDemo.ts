import type { TestSite } from './testSite.ts';
import { VsCode } from './vsCode.ts';

type Settings = Readonly<Record<string, unknown>>;

/**
 * A VS Code whose workspace has these connections, of which `demo` leads to the server without a question.
 * @param settings of the user
 */
export async function startWithDemo(
  site: TestSite,
  connections: Settings = { demo: site.profile() },
  settings: Settings = {},
): Promise<VsCode> {
  const code = await VsCode.start({ environment: { FTPS_EXPLORER_DEMO: site.writeDemoFile() }, settings });
  code.writeConnections(connections);
  return code;
}
