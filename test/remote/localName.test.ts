import { describe, expect, it } from 'vitest';
import { isSafeLocalName } from '../../src/remote/localName.ts';

describe('C-46: a name that a server gave', () => {
  it.each(['', '.', '..', '../a', 'a/b', '/etc/passwd', '..\\a', 'a\\b', 'a\0b', 'a\nb', 'C:\\a'])(
    'never becomes a local name when it may lead elsewhere: %j',
    (name) => {
      expect(isSafeLocalName(name, 'posix')).toBe(false);
      expect(isSafeLocalName(name, 'win32')).toBe(false);
    },
  );

  it.each([
    'a:stream',
    'C:',
    'con',
    'NUL.txt',
    'com1',
    'lpt9.log',
    'aux .txt',
    'trailing.',
    'trailing ',
    'a?b',
    'a*',
    '<a>',
    'a|b',
    '"a"',
    '...',
    'NUL .x',
    'LPT²',
    'CONIN$',
  ])('never becomes a name on Windows that means something else there: %j', (name) => {
    expect(isSafeLocalName(name, 'win32')).toBe(false);
    expect(isSafeLocalName(name, 'posix')).toBe(true);
  });

  it.each([
    'a.txt',
    '.htaccess',
    '..notes',
    'mit Leerzeichen ü.txt',
    'console.log',
    'com10',
    'CON1',
    'a;b',
    '..a',
    ' a',
    '日本語',
  ])('may be used as it is: %j', (name) => {
    expect(isSafeLocalName(name, 'win32')).toBe(true);
    expect(isSafeLocalName(name, 'posix')).toBe(true);
  });
});
