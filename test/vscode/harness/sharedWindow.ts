import { afterAll, beforeAll, beforeEach } from 'vitest';
import { launchBrowser } from './browser.ts';
import { TestSite } from './testSite.ts';
import type { VsCode } from './vsCode.ts';
import { Workbench } from './workbench.ts';

/** What the tests of a file share, once the first one runs. */
export class SharedWindow {
  #scene: { readonly site: TestSite; readonly code: VsCode; readonly workbench: Workbench } | undefined;

  /**
   * For the surrounding `describe`: one VS Code with one window on its workspace, and one server outside.
   *
   * @param prepare puts files on the server and starts a VS Code that suits
   * @param address of the window, where it is not on the workspace
   */
  static use(
    prepare: (site: TestSite) => Promise<VsCode>,
    address = (code: VsCode) => code.windowOn(),
  ): SharedWindow {
    const shared = new SharedWindow();
    const owned = new AsyncDisposableStack();
    beforeAll(async () => {
      const site = owned.use(await TestSite.start());
      const code = owned.use(await prepare(site));
      const browser = owned.use(await launchBrowser());
      const workbench = owned.use(await Workbench.open(browser, address(code), code.password));
      shared.#scene = { site, code, workbench };
    });
    afterAll(() => owned.disposeAsync());
    beforeEach(({ task }) => shared.workbench.keepOnFailure(task.name));
    return shared;
  }

  get site(): TestSite {
    return this.#ready.site;
  }

  get code(): VsCode {
    return this.#ready.code;
  }

  get workbench(): Workbench {
    return this.#ready.workbench;
  }

  get #ready() {
    if (this.#scene === undefined) throw new Error('the window is there only while tests run');
    return this.#scene;
  }
}
