import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { startWithDemo } from '../harness/startWithDemo.ts';

const patience = { timeout: 20_000 };

describe('saving a file of a server that somebody else has changed since it was opened', () => {
  const shared = SharedWindow.use(async (site) => {
    site.write('price.txt', 'price = 10\n');
    return startWithDemo(site);
  });

  /** Somebody else stores a file, which has the time of a copy of long ago. */
  function storeElsewhere(text: string, month: number): void {
    shared.site.write('price.txt', text);
    const time = new Date(Date.UTC(2026, month));
    utimesSync(join(shared.site.root, 'price.txt'), time, time);
  }

  async function type(text: string): Promise<void> {
    const { workbench } = shared;
    await workbench.editorText.click();
    await workbench.page.keyboard.press('Control+A');
    await workbench.page.keyboard.insertText(text);
    await workbench.page.locator('.tab.active.dirty').waitFor();
  }

  async function saveAndAnswer(word: string): Promise<void> {
    const { workbench } = shared;
    await workbench.page.keyboard.press('Control+S');
    const question = workbench.dialog.filter({ hasText: 'price.txt has changed on demo' });
    await question.waitFor(patience);
    await workbench.screenshot('conflict-in-place');
    await question.getByRole('button', { name: word }).click();
    await question.waitFor({ state: 'detached' });
  }

  it('is quiet while nobody has', async () => {
    const { workbench, site } = shared;
    await workbench.showConnections();
    await workbench.connectionRow(/^demo, disconnected/).click({ timeout: 60_000 });
    await workbench.connectionRow(/^price\.txt/).dblclick();
    await workbench.tab(/^price\.txt/).waitFor();
    await workbench.writeAndSave('price = 11\n');
    await workbench.writeAndSave('price = 12\n');
    expect(site.read('price.txt')).toBe('price = 12\n');
  });

  it('is a question, although the file is an older one of the same size, and Cancel leaves theirs', async () => {
    const { workbench, site } = shared;
    await type('price = 13\n');
    storeElsewhere('price = 99\n', 3);
    await saveAndAnswer('Cancel');
    await workbench.toast('price.txt was not saved').waitFor(patience);
    expect(site.read('price.txt')).toBe('price = 99\n');
    await workbench.page.locator('.tab.active.dirty').waitFor();
  });

  it('can be compared first', async () => {
    const { workbench, site } = shared;
    await saveAndAnswer('Compare');
    await workbench.tab(/^price\.txt \(demo ↔ Editor\)/).waitFor(patience);
    const side = (name: string) => workbench.page.locator(`.editor.${name} .view-lines`);
    await side('original')
      .filter({ hasText: /price.=.99/ })
      .waitFor(patience);
    await side('modified')
      .filter({ hasText: /price.=.13/ })
      .waitFor(patience);
    await workbench.screenshot('conflict-in-place-compared');
    expect(site.read('price.txt')).toBe('price = 99\n');
    await workbench.run('View: Close Editor');
    await workbench.tab(/^price\.txt \(demo ↔ Editor\)/).waitFor({ state: 'detached' });
  });

  it('is overwritten with Overwrite, and is quiet again', async () => {
    const { workbench, site } = shared;
    await workbench.editorText.click();
    await saveAndAnswer('Overwrite');
    await expect.poll(() => site.read('price.txt'), patience).toBe('price = 13\n');
    await workbench.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
    await workbench.writeAndSave('price = 14\n');
    expect(site.read('price.txt')).toBe('price = 14\n');
  });

  it('asks after a disconnection too: a save connects, and looks before it writes', async () => {
    const { workbench, site } = shared;
    await workbench.chooseFor(workbench.connectionRow(/^demo,/), 'Disconnect');
    await workbench.connectionRow(/^demo, disconnected/).waitFor();
    await type('price = 15\n');
    storeElsewhere('price = 98\n', 4);
    await saveAndAnswer('Overwrite');
    await expect.poll(() => site.read('price.txt'), patience).toBe('price = 15\n');
    await workbench.connectionRow(/^demo, connected/).waitFor();
  });
});
