import { describe, expect, it } from 'vitest';
import { errorText } from '../../src/editor/errorText.ts';
import { plainText } from '../../src/editor/plainText.ts';

/** What VS Code takes for a link in a message: `linkedText.ts` of microsoft/vscode. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

describe('words of a server in a message', () => {
  it.each([
    '530 [Click](command:workbench.action.terminal.sendSequence?%7B%7D)',
    'Cannot read /[a](file:///etc/passwd). Try again.',
    '[[a](command:x)](https://example.org "title")',
    'a](](command:x)[b](command:x)',
  ])('never become a link: %s', (text) => {
    expect(text).toMatch(link);
    expect(plainText(text)).not.toMatch(link);
    expect(errorText(new Error(text))).not.toMatch(link);
  });

  it('are left as they are otherwise', () => {
    const text = 'a[0] (1) [b] c(d) ☕';
    expect(plainText(text)).toBe(text);
  });
});
