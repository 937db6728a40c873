import { describe, expect, it } from 'vitest';
import { LargeFiles } from '../../src/editor/largeFiles.ts';

const megabyte = 1024 * 1024;

function setUp(answers: boolean[] = []) {
  const events: string[] = [];
  const large = new LargeFiles({
    limit: () => 50 * megabyte,
    ask: async (name) => {
      events.push(`ask ${name}`);
      await Promise.resolve();
      return answers.shift() ?? false;
    },
    during: async (title, _size, work) => {
      events.push(title);
      return work({ signal: AbortSignal.abort() });
    },
  });
  const load = (size: number, address = 'demo/www/film.mp4'): Promise<string> =>
    large.read(address, size, async ({ signal }) => (signal ? 'can be cancelled' : 'small'));
  return { large, load, events };
}

describe('a file that VS Code wants whole', () => {
  it('is simply loaded where it is small', async () => {
    const { load, events } = setUp();
    expect(await load(4 * megabyte - 1)).toBe('small');
    expect(await load(0)).toBe('small');
    expect(events).toEqual([]);
  });

  it('is shown while it loads, and can be cancelled, where that may take a while', async () => {
    const { load, events } = setUp();
    expect(await load(4 * megabyte)).toBe('can be cancelled');
    expect(events).toEqual(['Loading film.mp4']);
  });

  it('is asked about once where it is larger than the limit', async () => {
    const { load, events } = setUp([true]);
    await load(50 * megabyte);
    await load(50 * megabyte);
    expect(events).toEqual(['ask film.mp4', 'Loading film.mp4', 'Loading film.mp4']);
  });

  it('is asked about once for all who want it at the same time', async () => {
    const { load, events } = setUp([true]);
    await Promise.all([load(60 * megabyte), load(60 * megabyte)]);
    expect(events.filter((event) => event.startsWith('ask'))).toHaveLength(1);
  });

  it('is not loaded where the user does not want it, and is asked about again the next time', async () => {
    const { load, events } = setUp([false, true]);
    await expect(load(60 * megabyte)).rejects.toMatchObject({ name: 'Declined' });
    await expect(load(60 * megabyte, 'demo/other.iso')).resolves.toBe('can be cancelled');
    expect(events).toEqual(['ask film.mp4', 'ask other.iso', 'Loading other.iso']);
    await expect(load(60 * megabyte)).rejects.toThrow('film.mp4 was not opened.');
  });

  it('is written without a question, and can be cancelled', async () => {
    const { large, events } = setUp();
    const written = await large.write(
      'demo/film.mp4',
      60 * megabyte,
      async ({ signal }) => signal !== undefined,
    );
    expect(written).toBe(true);
    expect(await large.write('demo/a.txt', 5, async ({ signal }) => signal)).toBeUndefined();
    expect(events).toEqual(['Saving film.mp4']);
  });
});
