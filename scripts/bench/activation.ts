import { setTimeout } from 'node:timers/promises';
import { launchBrowser } from '../../test/vscode/harness/browser.ts';
import { VsCode } from '../../test/vscode/harness/vsCode.ts';
import { Workbench } from '../../test/vscode/harness/workbench.ts';

/** Of one window, in whole milliseconds, between the marks that VS Code sets. */
export interface Activation {
  /** Reading, compiling and running the code. */
  readonly load: number;
  /** The call of `activate`. */
  readonly call: number;
}

/**
 * Times the activation in real extension hosts, package after package in each round.
 *
 * @param packages VSIX files
 * @param rounds windows for each, every one with an extension host of its own
 * @returns in the order of the packages
 */
export async function measureActivation(
  packages: readonly string[],
  rounds: number,
): Promise<readonly (readonly Activation[])[]> {
  await using owned = new AsyncDisposableStack();
  const browser = owned.use(await launchBrowser());
  const settings = { 'ftps.profiles': { bench: { host: '127.0.0.1', user: 'bench' } } };
  // Otherwise the extension host of each closed window would wait three hours for its return.
  const parameters = ['--reconnection-grace-time', '1'];
  const measured = new Map<VsCode, Activation[]>();
  for (const file of packages) {
    measured.set(owned.use(await VsCode.start({ packages: [file], settings, parameters })), []);
  }
  // The first window of each finds what it reads not yet in memory.
  for (let round = 0; round <= rounds; round++) {
    for (const [code, activations] of measured) {
      await using workbench = await Workbench.open(browser, code.windowOn(), code.password);
      const activation = await readActivation(workbench);
      if (round > 0) activations.push(activation);
    }
  }
  return [...measured.values()];
}

/** How often a report is asked for, until the extension host has told what it knows. */
const attempts = 20;

/** @throws Error with the whole report when the extension is not in it */
async function readActivation(workbench: Workbench): Promise<Activation> {
  await workbench.showConnections();
  await workbench.connectionRow(/^bench/).waitFor();
  for (let attempt = 1; ; attempt++) {
    const report = await readReport(workbench);
    const activation = activationIn(report);
    if (!Number.isNaN(activation.load + activation.call)) return activation;
    if (attempt === attempts) throw new Error(`VS Code does not tell of the activation:\n${report}`);
    await workbench.run('View: Close All Editors');
    await setTimeout(1000);
  }
}

async function readReport(workbench: Workbench): Promise<string> {
  await workbench.run('Developer: Startup Performance');
  await workbench.editorText.getByText('System Info').waitFor();
  await workbench.editorText.click();
  await workbench.page.keyboard.press('Control+A');
  await workbench.page.keyboard.press('Control+C');
  return workbench.page.evaluate<string>('navigator.clipboard.readText()');
}

/** By the marks: the report's table counts the code of the extensions as well that VS Code loads beside this one. */
function activationIn(report: string): Activation {
  const at = (mark: string): number => {
    const line = new RegExp(`^code/extHost/${mark}/ftps-explorer\\.ftps-explorer\\t(\\d+)`, 'm').exec(report);
    return Number(line?.[1]);
  };
  return {
    load: at('didLoadExtensionCode') - at('willLoadExtensionCode'),
    call: at('didActivateExtension') - at('willActivateExtension'),
  };
}
