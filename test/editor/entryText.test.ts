import { describe, expect, it } from 'vitest';
import {
  entryContext,
  entryDescription,
  entryLabel,
  entrySpoken,
  entryTooltip,
  modeText,
  sizeText,
  sortedEntries,
} from '../../src/editor/entryText.ts';
import { entryOf } from './support/entries.ts';

describe('the row of a file', () => {
  const file = entryOf('/www/index.html', { size: 1536, modifiedAt: Date.UTC(2026, 0, 15, 12), mode: 0o644 });

  it('tells size, time and permissions in its tooltip', () => {
    const lines = entryTooltip(file, 'en-GB').split('\n');
    expect(lines[0]).toBe('/www/index.html');
    expect(lines[1]).toBe('Size: 1.5 KB');
    expect(lines[2]).toMatch(/^Modified: 15 Jan 2026/);
    expect(lines[3]).toBe('Permissions: rw-r--r-- (644)');
  });

  it('leaves out what the server did not tell, above all the time', () => {
    expect(entryTooltip(entryOf('/a', { size: 3 }), 'en-GB')).toBe('/a\nSize: 3 bytes');
  });

  it('is a file for menus and screen readers', () => {
    expect([entryContext(file), entrySpoken(file), entryDescription(file)]).toEqual([
      'file',
      'index.html, file',
      '',
    ]);
  });
});

describe('the row of something with a hostile name', () => {
  it('shows what would turn its text around or speak to a terminal, and does neither', () => {
    const link = entryOf('/photo\u202egpj.exe', { type: 'link', linkTarget: '\x1b]0;title\x07/etc\n\u2066' });
    const shown = [entryLabel(link), entryDescription(link), entrySpoken(link)];
    expect(shown).toEqual([
      'photo\ufffdgpj.exe',
      '→ \ufffd]0;title\ufffd/etc\ufffd\ufffd',
      'photo\ufffdgpj.exe, link to a file',
    ]);
    expect(entryTooltip(link).split('\n').slice(0, 2)).toEqual([
      '/photo\ufffdgpj.exe',
      'Link to \ufffd]0;title\ufffd/etc\ufffd\ufffd',
    ]);
  });
});

describe('the row of a link', () => {
  it('shows where it leads, and opens as what it leads to', () => {
    const link = entryOf('/latest', { type: 'link', linkTarget: 'releases/7', targetType: 'directory' });
    expect([entryContext(link), entrySpoken(link), entryDescription(link)]).toEqual([
      'folder-link',
      'latest, link to a folder',
      '→ releases/7',
    ]);
    expect(entryTooltip(link)).toBe('/latest\nLink to releases/7');
  });

  it('that leads nowhere is one to a file', () => {
    expect(entryContext(entryOf('/dead', { type: 'link', linkTarget: 'gone' }))).toBe('file-link');
  });
});

describe('the order of rows', () => {
  it('has folders first, links to folders among them, and numbers by their value', () => {
    const entries = [
      entryOf('/b'),
      entryOf('/a10'),
      entryOf('/a9'),
      entryOf('/z', { type: 'directory' }),
      entryOf('/m', { type: 'link', targetType: 'directory' }),
    ];
    expect(sortedEntries(entries).map(({ name }) => name)).toEqual(['m', 'z', 'a9', 'a10', 'b']);
  });
});

describe('numbers for people', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [1023, '1,023 bytes'],
    [1024, '1 KB'],
    [1_500_000, '1.4 MB'],
    [5 * 1024 ** 4, '5 TB'],
    [3 * 1024 ** 5, '3,072 TB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(sizeText(bytes, 'en')).toBe(text);
  });

  it.each([
    [0o755, 'rwxr-xr-x (755)'],
    [0o600, 'rw------- (600)'],
    [0o4755, 'rwxr-xr-x (4755)'],
  ])('writes the mode %d as %s', (mode, text) => {
    expect(modeText(mode)).toBe(text);
  });
});
