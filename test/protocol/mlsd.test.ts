import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/protocol/entry.ts';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { parseMlsd } from '../../src/protocol/listing.ts';
import { formatMlsdLine, parseMlst } from '../../src/protocol/mlsd.ts';

function entryOf(line: string): Entry | undefined {
  return parseMlsd([line]).entries[0];
}

describe('a line of MLSD', () => {
  it.each([
    ['0644', 0o644],
    ['100644', 0o644],
    ['0o755', 0o755],
    ['0o9', undefined],
    ['rwx', undefined],
  ])('C-44 reads the permissions %s, as Python writes them too', (text, mode) => {
    expect(entryOf(`type=file;unix.mode=${text}; x`)?.mode).toBe(mode);
  });

  it('C-44 reads facts without regard to case', () => {
    const line =
      'MODIFY=20261120101302.25;Perm=ADFRW;size=6;TYPE=File;Unique=FE00;unix.MODE=04755;UNIX.owner=0;UNIX.ownername=demo;UNIX.gid=7;x-new=1; index.html';
    expect(entryOf(line)).toEqual({
      name: 'index.html',
      type: 'file',
      size: 6,
      modifiedAt: Date.UTC(2026, 10, 20, 10, 13, 2, 250),
      modifiedPrecision: 'millisecond',
      mode: 0o4755,
      owner: '0',
      group: '7',
      permissions: 'adfrw',
      unique: 'FE00',
    });
  });

  it.each([' lead', 'trail ', 'a;b=c; d', 'two  spaces', 'a\\b', 'x=1; y', '日本'])(
    'C-44 takes all after the first space for the name %j',
    (name) => {
      expect(entryOf(`type=file;size=1; ${name}`)?.name).toBe(name);
    },
  );

  it.each([
    ['type=dir', 'directory', undefined],
    ['Type=FILE', 'file', undefined],
    ['type=OS.unix=slink:/a/B', 'link', '/a/B'],
    ['type=OS.UNIX=slink:', 'link', undefined],
    ['type=OS.unix=symlink', 'link', undefined],
    ['type=OS.unix=chr-1/3', 'unknown', undefined],
    ['type=unknown', 'unknown', undefined],
    ['size=1', 'unknown', undefined],
  ])('C-44 reads %s', (fact, type, target) => {
    const entry = entryOf(`${fact}; x`);
    expect([entry?.type, entry?.target]).toEqual([type, target]);
  });

  it('C-44 does not take a blank in a link’s target for the one before the name', () => {
    expect(entryOf('size=3;type=OS.unix=slink:/a b;unique=1; x y')).toEqual({
      name: 'x y',
      type: 'link',
      size: 3,
      target: '/a b',
      unique: '1',
    });
    expect(entryOf('type=OS.unix=slink:/a x y')).toEqual({ name: 'x y', type: 'link', target: '/a' });
  });

  it.each(['type=cdir; .', 'Type=PDIR; ..', 'type=cdir; /home/demo'])('C-44 leaves out %s', (line) => {
    expect(entryOf(line)).toBeUndefined();
  });

  it('reads the size of a directory, by the name that Pure-FTPd gives it', () => {
    expect(entryOf('type=dir;sizd=4096; x')?.size).toBe(4096);
  });

  it('passes over facts that make no sense', () => {
    const line = 'type=file;size=-1;modify=20241301000000;UNIX.mode=0999;=x;size;perm; x';
    expect(entryOf(line)).toEqual({ name: 'x', type: 'file' });
    for (const size of ['99999999999999999999', '9999999999999999']) {
      expect(entryOf(`type=file;size=${size}; x`)).toEqual({ name: 'x', type: 'file' });
    }
  });

  it('reads a name without facts', () => {
    expect(entryOf(' x')).toEqual({ name: 'x', type: 'unknown' });
  });

  it.each(['', 'x', 'type=file;', '-rw-r--r-- 1 a b 1 Mar  3  2023 x'])(
    'does not take %j for a line of MLSD',
    (line) => {
      expect(entryOf(line)).toBeUndefined();
    },
  );
});

describe('parseMlst', () => {
  it.each([
    [
      'ProFTPD',
      'Start of list for index.html',
      ' modify=20230303070809;perm=adfr;size=6;type=file;unique=FE00U212712;UNIX.mode=0644; /index.html',
      '/index.html',
    ],
    [
      'Pure-FTPd',
      'Begin',
      ' type=file;size=6;modify=20230303070809;UNIX.mode=0644;UNIX.uid=0;UNIX.gid=0; index.html',
      'index.html',
    ],
    ['a server that repeats the code', 'Listing', '250-type=file;size=6;modify=20230303070809; a b', 'a b'],
    ['a server that indents nothing', 'Listing', 'type=file;size=6;modify=20230303070809; a', 'a'],
  ])('reads the answer of %s', (_, first, line, name) => {
    expect(parseMlst({ code: 250, lines: [first, line, 'End'] })).toMatchObject({
      name,
      type: 'file',
      size: 6,
      modifiedAt: Date.UTC(2023, 2, 3, 7, 8, 9),
      modifiedPrecision: 'second',
    });
  });

  it('knows a directory that calls itself the current one', () => {
    expect(parseMlst({ code: 250, lines: ['x', ' type=cdir; /a', 'End'] })).toEqual({
      name: '/a',
      type: 'directory',
    });
  });

  it.each([[['OK']], [['a', 'End']], [['a', ' x', 'End']]])(
    'refuses an answer without facts: %j',
    (lines) => {
      expect(() => parseMlst({ code: 250, lines })).toThrow(ProtocolError);
    },
  );
});

describe('formatMlsdLine', () => {
  it.each([
    ['millisecond', '20240102030405.006'],
    ['second', '20240102030405'],
    ['minute', '20240102030405'],
  ] as const)('tells a time that is exact to the %s', (modifiedPrecision, time) => {
    const entry = {
      name: 'x',
      type: 'file',
      modifiedAt: Date.UTC(2024, 0, 2, 3, 4, 5, 6),
      modifiedPrecision,
    } as const;
    expect(formatMlsdLine(entry, ['modify'])).toBe(`modify=${time}; x`);
  });

  const entry = {
    name: ' a;b ',
    type: 'file',
    size: 5,
    modifiedAt: Date.UTC(2024, 0, 2, 3, 4, 5, 678),
    modifiedPrecision: 'second',
    mode: 0o644,
    permissions: 'adfr',
    unique: '1g2',
  } as const;

  it('writes the usual facts in order', () => {
    expect(formatMlsdLine(entry)).toBe(
      'type=file;size=5;modify=20240102030405;perm=adfr;UNIX.mode=0644;unique=1g2;  a;b ',
    );
  });

  it('writes the facts that are asked for, and none that it does not know', () => {
    expect(
      formatMlsdLine({ ...entry, owner: 'o', group: 'g' }, ['Size', 'UNIX.owner', 'unix.group', 'lang']),
    ).toBe('Size=5;UNIX.owner=o;unix.group=g;  a;b ');
    expect(formatMlsdLine(entry, [])).toBe('  a;b ');
  });

  it.each([
    ['directory', undefined, 'type=dir; x'],
    ['link', '/a', 'type=OS.unix=slink:/a; x'],
    ['link', 'a b', 'type=OS.unix=symlink; x'],
    ['link', 'a;b', 'type=OS.unix=symlink; x'],
    ['unknown', undefined, ' x'],
  ] as const)('writes a %s with target %j', (type, target, line) => {
    expect(formatMlsdLine({ name: 'x', type, ...(target !== undefined && { target }) })).toBe(line);
  });

  it.each(['a\nb', 'a\rb', 'a\0b'])('does not write a name that breaks the line: %j', (name) => {
    expect(() => formatMlsdLine({ name, type: 'file' })).toThrow(ProtocolError);
  });
});
