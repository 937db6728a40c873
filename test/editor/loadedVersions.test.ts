import { rename, utimes } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LoadedVersions } from '../../src/editor/loadedVersions.ts';
import type { RemoteEntry } from '../../src/remote/remoteEntry.ts';
import { Site } from '../remote/support/site.ts';

const opened = new Date('2026-05-01T12:00:00Z');
const later = new Date('2026-05-01T15:00:00Z');
const earlier = new Date('2026-04-01T12:00:00Z');

describe('a save of a file that somebody else has changed since it was opened', () => {
  it('asks nothing while nobody has, however often it is saved', async () => {
    const editor = await Editor.open('version 1');
    for (const text of ['version 2', 'version 3', 'version 4']) {
      expect(await editor.save(text)).toBe('saved');
      expect(await editor.onServer()).toBe(text);
    }
    expect(editor.questions).toBe(0);
  });

  it('asks where the size is the same, which VS Code takes for no change', async () => {
    const editor = await Editor.open('price = 10');
    await editor.elsewhere('price = 99', later);
    await expect(editor.save('price = 11')).rejects.toMatchObject({ kind: 'conflict' });
    expect(editor.questions).toBe(1);
    expect(await editor.onServer()).toBe('price = 99');
  });

  it('asks where the time is an older one, as that of a restored backup', async () => {
    const editor = await Editor.open('version 1');
    await editor.elsewhere('restored, and longer', earlier);
    await expect(editor.save('mine')).rejects.toMatchObject({ kind: 'conflict' });
    expect(await editor.onServer()).toBe('restored, and longer');
  });

  it('asks where nobody told VS Code of the file before the save', async () => {
    const editor = await Editor.open('version 1');
    await editor.elsewhere('theirs, newer and longer', later);
    await expect(editor.write('mine')).rejects.toMatchObject({ kind: 'conflict' });
    expect(await editor.onServer()).toBe('theirs, newer and longer');
  });

  it('leaves the question to VS Code where it asks, and asks none after that', async () => {
    const editor = await Editor.open('version 1');
    await editor.elsewhere('theirs, newer and longer', later);
    expect(await editor.save('mine')).toBe('refused by VS Code');
    expect(await editor.save('mine', { overwrite: true })).toBe('saved');
    expect(editor.questions).toBe(0);
    expect(await editor.onServer()).toBe('mine');
  });

  it('replaces it with Overwrite, and asks no more', async () => {
    const editor = await Editor.open('price = 10');
    await editor.elsewhere('price = 99', later);
    editor.answer = 'overwrite';
    expect(await editor.save('price = 11')).toBe('saved');
    expect(await editor.save('price = 12')).toBe('saved');
    expect(editor.questions).toBe(1);
    expect(await editor.onServer()).toBe('price = 12');
  });

  it('shows both with Compare, and asks again at the next save', async () => {
    const editor = await Editor.open('price = 10');
    await editor.elsewhere('price = 99', later);
    editor.answer = 'compare';
    await expect(editor.save('price = 11')).rejects.toThrow('was not saved');
    await expect(editor.save('price = 11')).rejects.toThrow('was not saved');
    expect(editor.compared).toEqual([{ profile: 'site', path: '/page.php' }, editor.compared[0]]);
    expect(await editor.onServer()).toBe('price = 99');
  });

  it('replaces nothing that came while the question stood', async () => {
    const editor = await Editor.open('price = 10');
    await editor.elsewhere('price = 99', later);
    editor.answer = 'overwrite';
    editor.whileAsked = () => editor.elsewhere('price = 98', earlier);
    await expect(editor.save('price = 11')).rejects.toThrow('at this moment');
    expect(await editor.onServer()).toBe('price = 98');
  });

  it('is quiet where the file was only touched, or another one with the same content has taken its name', async () => {
    const editor = await Editor.open('version 1');
    await editor.elsewhere('version 1', later);
    expect(await editor.save('version 2')).toBe('saved');
    await editor.replaceElsewhere('version 2', earlier);
    expect(await editor.save('version 3')).toBe('saved');
    expect(editor.questions).toBe(0);
  });

  it('goes by what the document was loaded from, whoever has read the file since', async () => {
    const editor = await Editor.open('price = 10');
    await editor.elsewhere('price = 99', later);
    await editor.read();
    await expect(editor.save('price = 11')).rejects.toMatchObject({ kind: 'conflict' });
    expect(await editor.onServer()).toBe('price = 99');
  });

  it('goes by what was loaded again, or reverted', async () => {
    const editor = await Editor.open('price = 10');
    await editor.elsewhere('price = 99', later);
    await editor.read();
    editor.versions.changed({ address, isDirty: false }, { isUndo: false });
    expect(await editor.save('price = 11')).toBe('saved');
    await editor.elsewhere('price = 98', later);
    await editor.read();
    editor.versions.changed({ address, isDirty: true }, { isUndo: false });
    editor.versions.changed({ address, isDirty: false });
    expect(await editor.save('price = 12')).toBe('saved');
    expect(editor.questions).toBe(0);
  });

  it('takes an undo up to what was saved for no loading', async () => {
    const editor = await Editor.open('price = 10');
    await editor.elsewhere('price = 99', later);
    await editor.read();
    editor.versions.changed({ address, isDirty: true }, { isUndo: true });
    editor.versions.changed({ address, isDirty: false });
    await expect(editor.save('price = 11')).rejects.toMatchObject({ kind: 'conflict' });
  });

  it('goes by what was written over it while it was being edited', async () => {
    const editor = await Editor.open('price = 10');
    await editor.writeByAnother('price = 99');
    await expect(editor.save('price = 11')).rejects.toMatchObject({ kind: 'conflict' });
    expect(await editor.onServer()).toBe('price = 99');
  });

  it('takes what another extension writes after a save that has failed for none of its own', async () => {
    const editor = await Editor.open('price = 10');
    editor.versions.willSave(address);
    editor.versions.saveFailed(address);
    await editor.writeByAnother('price = 99');
    await expect(editor.save('price = 11')).rejects.toMatchObject({ kind: 'conflict' });
    expect(await editor.onServer()).toBe('price = 99');
  });

  it('asks nothing of a document that was restored, or is closed', async () => {
    const editor = await Editor.open('price = 10');
    await editor.elsewhere('price = 99', later);
    editor.versions.opened({ address, isDirty: true });
    expect(await editor.versions.agree(address, place, editor.site.files)).toEqual({});
    editor.versions.opened({ address, isDirty: false });
    editor.versions.closed(address);
    expect(await editor.versions.agree(address, place, editor.site.files)).toEqual({});
  });

  it('makes a file again that is gone', async () => {
    const editor = await Editor.open('version 1');
    await rename(editor.site.local('page.php'), editor.site.local('aside'));
    expect(await editor.save('version 2')).toBe('saved');
    expect(await editor.onServer()).toBe('version 2');
  });

  it('asks of a file behind a link as of any other', async () => {
    const editor = await Editor.open('price = 10', async (site) => {
      await rename(site.local('page.php'), site.local('real.php'));
      await site.seedLink('page.php', 'real.php');
    });
    expect(await editor.save('price = 11')).toBe('saved');
    await editor.elsewhere('price = 99', later);
    await expect(editor.save('price = 12')).rejects.toMatchObject({ kind: 'conflict' });
    expect(editor.questions).toBe(1);
    expect(await editor.onServer()).toBe('price = 99');
  });

  it('reads the file where its time is not told', async () => {
    const editor = await Editor.open('price = 10');
    editor.entryTold = (entry) => ({ ...entry, modifiedAt: 0 });
    expect(await editor.save('price = 11')).toBe('saved');
    await editor.elsewhere('price = 99', later);
    await expect(editor.save('price = 12')).rejects.toMatchObject({ kind: 'conflict' });
  });
});

const address = 'ftps://site/page.php';
const place = { profile: 'site', path: '/page.php' };

/** VS Code's part in it: it looks before it writes, and refuses what has become newer and has another size. */
class Editor {
  readonly site: Site;
  readonly versions: LoadedVersions;
  readonly compared: unknown[] = [];
  questions = 0;
  answer: 'overwrite' | 'compare' | undefined;
  whileAsked: () => Promise<void> = async () => {};
  entryTold = (entry: RemoteEntry): RemoteEntry => entry;
  #known: RemoteEntry | undefined;

  private constructor(site: Site) {
    this.site = site;
    this.versions = new LoadedVersions({
      ask: async () => {
        this.questions += 1;
        await this.whileAsked();
        return this.answer;
      },
      compare: (file) => void this.compared.push(file),
    });
  }

  static async open(text: string, prepare: (site: Site) => Promise<void> = async () => {}): Promise<Editor> {
    const site = await Site.start();
    onTestFinished(() => site[Symbol.asyncDispose]());
    const editor = new Editor(site);
    await editor.elsewhere(text, opened);
    await prepare(site);
    await editor.read();
    editor.versions.opened({ address, isDirty: false });
    editor.#known = await site.files.stat('/page.php');
    return editor;
  }

  /** Somebody opens the file, or searches in it. */
  async read(): Promise<void> {
    await this.#look();
    this.versions.read(address, await this.site.files.read('/page.php'));
  }

  /** @returns what came of it, unless it was refused */
  async save(text: string, { overwrite = false } = {}): Promise<'saved' | 'refused by VS Code'> {
    this.versions.willSave(address);
    const found = await this.#look().catch(() => undefined);
    const known = this.#known;
    const isRefused = found && known && known.modifiedAt < found.modifiedAt && known.size !== found.size;
    if (isRefused && !overwrite) return 'refused by VS Code';
    await this.write(text);
    this.versions.changed({ address, isDirty: false });
    this.#known = await this.#look();
    return 'saved';
  }

  async write(text: string): Promise<void> {
    const content = Buffer.from(text);
    const agreed = await this.versions.agree(address, place, this.site.files);
    const options = { create: true, overwrite: true, ...agreed };
    const { entry } = await this.site.files.writeFile('/page.php', content, options);
    this.versions.written(address, content, entry);
  }

  /** Another extension writes the file under VS Code. */
  async writeByAnother(text: string): Promise<void> {
    const content = Buffer.from(text);
    const { entry } = await this.site.files.writeFile('/page.php', content, {
      create: true,
      overwrite: true,
    });
    this.versions.written(address, content, entry);
  }

  async elsewhere(text: string, time: Date): Promise<void> {
    await this.site.seed('page.php', text);
    await utimes(this.site.local('page.php'), time, time);
  }

  async replaceElsewhere(text: string, time: Date): Promise<void> {
    await this.site.seed('new.php', text);
    await utimes(this.site.local('new.php'), time, time);
    await rename(this.site.local('new.php'), this.site.local('page.php'));
  }

  onServer(): Promise<string> {
    return this.site.text('page.php');
  }

  async #look(): Promise<RemoteEntry> {
    const entry = this.entryTold(await this.site.files.stat('/page.php', { fresh: true }));
    this.versions.told(address, entry);
    return entry;
  }
}
