import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** The files below a folder that hold a text in any of the forms in which programs write it. */
export function filesHolding(folder: string, text: string): string[] {
  const forms = formsOf(text).map((form) => Buffer.from(form));
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const content = readFileSync(file);
      return forms.some((form) => content.includes(form));
    });
}

/** Whether a text stands in any of the forms in which programs write it. */
export function holds(content: string, text: string): boolean {
  return formsOf(text).some((form) => content.includes(form));
}

function formsOf(text: string): string[] {
  const base64 = Buffer.from(text).toString('base64').replace(/=+$/, '');
  return [
    text,
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
    base64,
    Buffer.from(text, 'utf16le').toString('latin1'),
    Buffer.from(text, 'latin1').toString('latin1'),
  ];
}

/** Everything that a page's origin keeps in the browser, as one text. */
export function browserStorage(page: Page): Promise<string> {
  return page.evaluate<string>(`(async () => {
    const done = (request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([done(objects.getAllKeys()), done(objects.getAll())]);
        kept.push(JSON.stringify([name, store, keys, values]));
      }
      database.close();
    }
    return kept.join('\\n');
  })()`);
}

/** Bytes that VS Code's secret storage takes in the browser, encrypted; 0 when it has never been used. */
export async function secretStorageSize(page: Page): Promise<number> {
  const encrypted = await page.evaluate<string>(`localStorage.getItem('secrets.provider') ?? ''`);
  return Buffer.from(encrypted, 'base64').length;
}
