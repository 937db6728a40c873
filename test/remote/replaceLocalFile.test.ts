import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { replaceLocalFile } from '../../src/remote/replaceLocalFile.ts';
import { Site } from './support/site.ts';

const longName = `${'日'.repeat(80)}.txt`;

async function folderWith(files: Readonly<Record<string, number>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ftps-replace-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, mode] of Object.entries(files)) {
    await writeFile(join(folder, name), 'old');
    await chmod(join(folder, name), mode);
  }
  return folder;
}

async function modesIn(folder: string): Promise<Record<string, number>> {
  const names = await readdir(folder);
  const modes = await Promise.all(
    names.map(async (name) => [name, (await stat(join(folder, name))).mode & 0o777]),
  );
  return Object.fromEntries(modes);
}

describe('a local file that is replaced', () => {
  it('hands on its permissions, also where it was secret or can be run', async () => {
    await using site = await Site.start();
    const modes = { 'deploy.sh': 0o755, '.env': 0o600, 'large.bin': 0o640 };
    await site.seed('www/deploy.sh', 'new');
    await site.seed('www/.env', 'new');
    await site.seed('www/large.bin', new Uint8Array(300_000));
    const folder = await folderWith(modes);
    await site.files.downloadDirectory('/www', folder);
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe('new');
    expect(await modesIn(folder)).toEqual(modes);
    await site.files.download('/www/deploy.sh', join(folder, '.env'));
    expect(await modesIn(folder)).toEqual(modes);
  });

  it('stays as it is where there is nothing to replace it by, or that fails', async () => {
    const folder = await folderWith({ 'a.txt': 0o644 });
    const target = join(folder, 'a.txt');
    expect(await replaceLocalFile(target, async (file) => void (await file.write('half')))).toBeUndefined();
    const failing = replaceLocalFile(target, () => Promise.reject(new Error('no more')));
    await expect(failing).rejects.toThrow('no more');
    expect(await readFile(target, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('may have a name as long as a disk allows', async () => {
    await using site = await Site.start();
    await site.seed(`www/${longName}`, 'content');
    const folder = await folderWith({});
    await site.files.downloadDirectory('/www', folder);
    await site.files.download(`/www/${longName}`, join(folder, longName));
    expect(await readdir(folder)).toEqual([longName]);
    const content = Buffer.from('new');
    const saved = await site.files.writeFile(`/www/${longName}`, content, { create: true, overwrite: true });
    expect(saved.method).toBe('replaced');
  });
});
