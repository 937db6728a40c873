import { describe, expect, it } from 'vitest';
import { parseUniqueName } from '../../src/protocol/stou.ts';

describe('parseUniqueName', () => {
  it.each([
    ['RFC 1123', 150, 'FILE: report.1', 'report.1'],
    ['ProFTPD', 150, 'FILE: ftpZpQr2p', 'ftpZpQr2p'],
    ['a name with blanks', 125, 'FILE:  two words.txt ', 'two words.txt'],
    ['text before it', 150, 'Opening data connection. FILE: /home/a/x', '/home/a/x'],
    ['wu-ftpd', 226, 'Transfer complete (unique file name:TEST_FILE).', 'TEST_FILE'],
    ['quotes', 250, 'Stored as "a ""b"" c"', 'a "b" c'],
    ['a name with quotes', 150, 'FILE: a "b" c', 'a "b" c'],
    ['quotes behind FILE', 150, 'FILE: "x y" (12 bytes)', 'x y'],
  ])('C-42 reads the name as told by %s', (_, code, text, name) => {
    expect(parseUniqueName({ code, lines: [text] })).toBe(name);
  });

  it('C-42 finds it in any line of the reply', () => {
    expect(parseUniqueName({ code: 226, lines: ['Done', '226-FILE: x.2', 'End'] })).toBe('x.2');
  });

  it.each([
    [226, 'Transfer complete.'],
    [150, 'Ok to send data.'],
    [150, 'FILE:'],
    [150, 'FILE: "'],
    [226, 'Transfer complete (unique file name:)'],
    [250, 'Stored as ""'],
    [150, 'FILE: a\0b'],
    [200, 'FILE: x'],
    [550, 'FILE: x: permission denied'],
  ])('C-42 finds none in %i %j', (code, text) => {
    expect(parseUniqueName({ code, lines: [text] })).toBeUndefined();
  });
});
