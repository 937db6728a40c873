import { describe, expect, it } from 'vitest';
import { isTemporaryName, temporaryName } from '../../src/remote/temporaryName.ts';

describe('the name of an unfinished file', () => {
  it.each([
    ['config.php', '.config.ftps-explorer-a1b2c3.php'],
    ['archive.tar.gz', '.archive.tar.ftps-explorer-a1b2c3.gz'],
    ['Makefile', '.Makefile.ftps-explorer-a1b2c3'],
    ['.htaccess', '.htaccess.ftps-explorer-a1b2c3'],
    ['.env.local', '.env.ftps-explorer-a1b2c3.local'],
  ])('of %s is hidden and keeps the extension: %s', (name, expected) => {
    expect(temporaryName(name, 'a1b2c3')).toBe(expected);
    expect(isTemporaryName(expected)).toBe(true);
  });

  it.each([`${'日'.repeat(80)}.txt`, 'x'.repeat(255), `a.${'y'.repeat(253)}`, `${'👍'.repeat(62)}.html`])(
    'of a name as long as a disk allows is no longer: %s',
    (name) => {
      const temporary = temporaryName(name);
      expect(Buffer.byteLength(temporary)).toBeLessThanOrEqual(255);
      expect(isTemporaryName(temporary)).toBe(true);
      expect(Buffer.from(temporary).toString()).toBe(temporary);
      if (name.endsWith('.txt')) expect(temporary.endsWith('.txt')).toBe(true);
    },
  );

  it('differs each time', () => {
    expect(temporaryName('a.txt')).not.toBe(temporaryName('a.txt'));
    expect(isTemporaryName(temporaryName('a.txt'))).toBe(true);
  });

  it.each([
    'config.php',
    '.htaccess',
    'about-ftps-explorer-a1b2c3.md',
    '.notes.ftps-explorer-guide.md',
    '.ftps-explorer',
  ])('is never mistaken for a file of the user: %s', (name) => {
    expect(isTemporaryName(name)).toBe(false);
  });
});
