import type { TestSite } from './testSite.ts';
import { VsCode } from './vsCode.ts';

type Settings = Readonly<Record<string, unknown>>;

/**
 * A VS Code whose workspace has these connections, of which `demo` leads to the server without a question.
 * @param settings of the user
 * @param way to the server, where it is not reached directly
 */
export async function startWithDemo(
  site: TestSite,
  connections: Settings = { demo: site.profile() },
  settings: Settings = {},
  way?: { readonly port: number },
): Promise<VsCode> {
  const environment = { FTPS_EXPLORER_DEMO: site.writeDemoFile(way) };
  const code = await VsCode.start({ environment, settings });
  code.writeConnections(connections);
  return code;
}
