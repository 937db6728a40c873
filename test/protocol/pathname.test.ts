import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { formatPathname, parsePathname } from '../../src/protocol/pathname.ts';

const parse = (...lines: string[]) => parsePathname({ code: 257, lines });

describe('the path of a 257', () => {
  it.each([
    ['"/" is the current directory', '/'],
    ['"/a""b" is your current location', '/a"b'],
    ['"""" x', '"'],
    ['"/a b" is "current"', '/a b'],
    ['Directory "/new" created', '/new'],
    ['"/"', '/'],
    [' "C:\\a"', 'C:\\a'],
    ['/home/demo', '/home/demo'],
    ['"/a "b c" d" is your current location', '/a "b c" d'],
    ['"new "y"" : created', 'new "y"'],
  ])('C-47 is read from %j', (text, path) => {
    expect(parse(text)).toBe(path);
  });

  it('is found in any line', () => {
    expect(parse('a', '"/b"')).toBe('/b');
  });

  it.each(['', '""', '"', '"/a', '"/a""', 'home', '/home is current'])('C-47 is refused from %j', (text) => {
    expect(() => parse(text)).toThrow(ProtocolError);
  });

  it('is read from no other reply', () => {
    expect(() => parsePathname({ code: 250, lines: ['"/"'] })).toThrow(ProtocolError);
  });

  it('C-47 is written as it is read', () => {
    expect(formatPathname('/a"b')).toBe('"/a""b"');
    expect(parse(`${formatPathname('/"" "')} is current`)).toBe('/"" "');
  });
});
