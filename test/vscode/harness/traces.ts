import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** The files below a folder that hold a text in any of the forms in which programs write it. */
export function filesHolding(folder: string, text: string): string[] {
  const forms = formsOf(text);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => holdsOneOf(readFileSync(file), forms));
}

/** Whether a text stands in any of the forms in which programs write it. */
export function holds(content: string, text: string): boolean {
  return holdsOneOf(Buffer.from(content), formsOf(text));
}

function holdsOneOf(content: Buffer, forms: readonly Buffer[]): boolean {
  return forms.some((form) => content.includes(form));
}

function formsOf(text: string): Buffer[] {
  const written = [text, JSON.stringify(text).slice(1, -1), escaped(text), encodeURIComponent(text)];
  const encodings = ['utf8', 'latin1', 'utf16le'] as const;
  const bytes = written.flatMap((form) => encodings.map((encoding) => Buffer.from(form, encoding)));
  const plain = Buffer.from(text);
  return [...bytes, Buffer.from(plain.toString('hex')), ...base64Forms(plain)];
}

/** As JSON that is all ASCII has it. */
function escaped(text: string): string {
  return text.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As it shows in the base64 of something longer, wherever it begins there; without what depends on its neighbours. */
function base64Forms(bytes: Buffer): Buffer[] {
  return [0, 1, 2].map((before) => {
    const shown = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const known = Math.floor(((before + bytes.length) * 8) / 6);
    return Buffer.from(shown.slice(Math.ceil((before * 8) / 6), known));
  });
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
