import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Bench, sampleBytes } from './bench.ts';

export function describeReading(bench: () => Bench): void {
  describe('reading', () => {
    it.each([0, 1, 300_001, 5 * 1024 * 1024])('fetches a file of %d bytes byte for byte', async (size) => {
      const { files } = bench();
      const content = sampleBytes(size);
      await bench().seedFile('data.bin', content);
      const read = await files.readFile(bench().at('data.bin'));
      expect(read.byteLength).toBe(size);
      expect(Buffer.compare(read, content)).toBe(0);
    });

    it('downloads into a local file byte for byte', async () => {
      const { files } = bench();
      const content = sampleBytes(300_001);
      await bench().seedFile('data.bin', content);
      const folder = await mkdtemp(join(tmpdir(), 'ftps-foreign-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const target = join(folder, 'data.bin');
      await files.download(bench().at('data.bin'), target);
      expect(Buffer.compare(await readFile(target), content)).toBe(0);
    });

    it('reads through a link', async () => {
      const { files } = bench();
      await bench().seedFile('page.html', 'the page');
      await bench().seedLink('current', 'page.html');
      expect(Buffer.from(await files.readFile(bench().at('current'))).toString()).toBe('the page');
    });

    it('opens a file again without a transfer, until it changes', async () => {
      const { files } = bench();
      const open = async (): Promise<string> => {
        await files.stat(bench().at('page.html'), { fresh: true });
        return Buffer.from(await files.readFile(bench().at('page.html'))).toString();
      };
      const threeDays = 3 * 86_400_000;
      const modifiedAt = new Date(Date.now() - threeDays);
      await bench().seedFile('page.html', 'the page', { modifiedAt });
      expect(await open()).toBe('the page');
      const before = bench().dataConnections();
      expect(await open()).toBe('the page');
      expect(bench().dataConnections()).toEqual(before);
      await bench().seedFile('page.html', 'new page', { modifiedAt: new Date(Number(modifiedAt) + 1000) });
      expect(await open()).toBe('new page');
    });

    it('says that a missing file is missing, and that a folder is no file', async () => {
      const { files } = bench();
      await bench().seedFolder('images');
      await expect(files.readFile(bench().at('missing'))).rejects.toMatchObject({ kind: 'notFound' });
      await expect(files.readFile(bench().at('images'))).rejects.toMatchObject({ kind: 'isADirectory' });
    });
  });
}
