import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame, Browser, Locator, Page } from 'playwright-core';
import { onTestFailed } from 'vitest';
import { logIn } from './browser.ts';
import type { TestSite } from './testSite.ts';

const screenshots = join(import.meta.dirname, '../../../out/screenshots');

/** One window of VS Code in a browser, by what a person sees in it. */
export class Workbench implements AsyncDisposable {
  readonly page: Page;
  /** Taken when the window closes, which is before a failed test is reported. */
  #lastView: Buffer | undefined;
  readonly #console: string[] = [];

  private constructor(page: Page) {
    this.page = page;
  }

  /** Opens a window that knows nothing of earlier ones. A test that fails leaves a screenshot of it. */
  static async open(browser: Browser, url: string, password: string): Promise<Workbench> {
    const context = await browser.newContext({
      viewport: { width: 1400, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const workbench = new Workbench(await context.newPage());
    workbench.page.setDefaultTimeout(15_000);
    workbench.page.on('console', (message) => workbench.#console.push(message.text()));
    await logIn(context, url, password);
    await workbench.goTo(url);
    return workbench;
  }

  /** For the current test: keeps what this window showed last and what VS Code logged, should the test fail. */
  keepOnFailure(name: string): void {
    onTestFailed(async () => {
      const picture = this.#lastView ?? (await this.page.screenshot());
      mkdirSync(screenshots, { recursive: true });
      writeFileSync(join(screenshots, `failed-${name}.png`), picture);
      writeFileSync(join(screenshots, `failed-${name}.log`), this.#console.join('\n'));
    });
  }

  async goTo(url: string): Promise<void> {
    // Whether all that the page asks for is there, which a load waits for, does not matter.
    await this.page.goto(url, { waitUntil: 'commit' });
    await this.#ready();
  }

  async reload(): Promise<void> {
    await this.page.reload({ waitUntil: 'commit' });
    await this.#ready();
  }

  /** Once VS Code has drawn the window, and has heard from its server which extensions there are. */
  async #ready(): Promise<void> {
    // One limit for all that this takes: page, window and extensions come one after the other.
    await this.#icon('FTPS').waitFor({ timeout: 90_000 });
    await this.statusBar.waitFor();
  }

  #icon(name: string): Locator {
    return this.page.locator('.part.activitybar').getByRole('tab', { name });
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  /** The visible input at the top: palette, input box or pick. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  get quickInputBox(): Locator {
    return this.quickInput.locator('.quick-input-filter input, .quick-input-box input').first();
  }

  /** Runs a command by its title in the palette. */
  async run(title: string): Promise<void> {
    const row = this.quickInput
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: title })
      .first();
    await untilDone(`run ${title}`, async () => {
      // Focus may sit in an editor that is still loading and swallows the key.
      await this.page.keyboard.press('F1');
      await this.quickInputBox.waitFor({ timeout: 2000 });
      await this.quickInputBox.fill(`>${title}`, { timeout: 2000 });
      await row.waitFor({ timeout: 5000 });
      await row.click({ timeout: 2000 });
    });
  }

  /** Answers an input box that shows this text as its title or prompt. */
  async answer(question: string | RegExp, text: string): Promise<void> {
    await this.quickInput.filter({ hasText: question }).waitFor();
    await this.quickInputBox.fill(text);
    await this.page.keyboard.press('Enter');
  }

  async pick(option: string | RegExp): Promise<void> {
    await this.quickInput.getByRole('option', { name: option }).click();
  }

  /** Answers the dialog that asks for local files or folders. */
  async chooseLocal(path: string, action: string): Promise<void> {
    const button = this.quickInput.getByRole('button', { name: action });
    await button.waitFor();
    await untilDone(`choose ${path}`, async () => {
      if (!(await button.isVisible())) return;
      // The dialog overwrites what is typed while it still lists a folder.
      await this.quickInput.locator('.quick-input-list .monaco-list-row').first().waitFor({ timeout: 3000 });
      await this.quickInputBox.fill(path, { timeout: 3000 });
      await button.click({ timeout: 3000 });
      await button.waitFor({ state: 'hidden', timeout: 3000 });
    });
  }

  /** Answers all that Add Connection asks before it connects. */
  async addConnection(site: TestSite, name: string, password = site.password): Promise<void> {
    await this.answer('Name or address of the server', '127.0.0.1');
    await this.pick(/^Explicit FTPS/);
    await this.answer('Port of the server', String(site.profile()['port']));
    await this.answer('Name to log in with', site.user);
    await this.answer('Kept in the keychain', password);
    await this.answer('Folder on the server', '/');
    await this.answer('Name of the connection', name);
    await this.pick(/^User Settings/);
  }

  tree(name: string): Locator {
    return this.page.getByRole('tree', { name });
  }

  showConnections(): Promise<void> {
    return this.#show('FTPS');
  }

  showExplorer(): Promise<void> {
    return this.#show('Explorer');
  }

  /** Brings a view container to the front; a click on its icon while it is there would hide it. */
  async #show(name: string): Promise<void> {
    const icon = this.#icon(name);
    const view = this.page.locator('.part.sidebar .title-label').filter({ hasText: name });
    await icon.waitFor();
    await untilDone(`show ${name}`, async () => {
      if (!(await view.isVisible())) await icon.click();
      await view.waitFor({ timeout: 3000 });
    });
  }

  /** A row of the Connections view. */
  connectionRow(name: string | RegExp): Locator {
    return this.tree('Connections').getByRole('treeitem', { name });
  }

  explorerRow(name: string): Locator {
    return this.page.locator('.explorer-folders-view').getByRole('treeitem', { name });
  }

  /** Chooses from the context menu of a row. */
  async chooseFor(row: Locator, action: string): Promise<void> {
    const menu = this.page.locator('.monaco-menu');
    // By its text: its name holds its key too, where it has one.
    const item = menu.getByRole('menuitem').filter({ has: this.page.getByText(action, { exact: true }) });
    // Some actions open the window anew: then the menu has heard, and its row is gone.
    let hasLeft = false;
    const onNavigated = (frame: Frame): void => {
      hasLeft ||= frame === this.page.mainFrame();
    };
    this.page.on('framenavigated', onNavigated);
    await untilDone(`choose ${action}`, async () => {
      try {
        if (!(await menu.isVisible())) await row.click({ button: 'right', timeout: 5000 });
        await item.click({ timeout: 3000 });
        // A menu takes no clicks right after it has opened; one that stays has not heard.
        await menu.waitFor({ state: 'hidden', timeout: 1000 });
      } catch (error) {
        if (!hasLeft) throw error;
      }
    });
    this.page.off('framenavigated', onNavigated);
  }

  /** What shows in the side bar that something is at work: a bar at its top, or a row's icon. */
  get spinners(): Locator {
    return this.page.locator('.part.sidebar').locator('.monaco-progress-container.active, .codicon-loading');
  }

  get statusBar(): Locator {
    return this.page.locator('.part.statusbar');
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  toast(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text });
  }

  tab(name: string | RegExp): Locator {
    return this.page.locator('.editor-group-container').getByRole('tab', { name });
  }

  get editorText(): Locator {
    return this.page.locator('.editor-instance .view-lines').first();
  }

  /** All that the Output panel shows. Only what is in sight is in the page, hence the clipboard. */
  async outputText(): Promise<string> {
    await this.page.locator('.output-view .monaco-editor').first().click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.press('Control+C');
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  /** Opens a file of the Explorer, replaces its text and saves it. @param name as its row shows it */
  async edit(name: string, text: string): Promise<void> {
    await this.explorerRow(name).dblclick();
    await this.tab(new RegExp(`^${name.replace('.', '\\.')}`)).waitFor();
    await this.writeAndSave(text);
  }

  /** Replaces the open document's text and saves it; done once the editor calls it saved. */
  async writeAndSave(text: string): Promise<void> {
    await this.editorText.click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
    await this.save();
  }

  /** Saves what has been typed; done once the editor calls it saved. */
  async save(): Promise<void> {
    await this.page.locator('.tab.active.dirty').waitFor();
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lastView = await this.page.screenshot();
    await this.page.context().close();
  }
}

/** Tries again what the workbench may swallow while it is still coming up. */
async function untilDone(what: string, act: () => Promise<void>, attempts = 5): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await act();
      return;
    } catch (error) {
      if (attempt === attempts) throw new Error(`could not ${what}`, { cause: error });
    }
  }
}
