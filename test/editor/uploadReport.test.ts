import { describe, expect, it } from 'vitest';
import { failedUploadsText } from '../../src/editor/uploadReport.ts';

const failed = (name: string) => ({
  key: `site:/${name}`,
  name,
  error: new Error('No answer.'),
  retry: () => undefined,
});

describe('the message about uploads that failed', () => {
  it.each([
    [['a.css'], 'a.css was not uploaded. No answer.'],
    [['a.css', 'b.css'], 'a.css and b.css were not uploaded. No answer.'],
    [['a.css', 'b.css', 'c.css'], 'a.css and 2 other files were not uploaded. No answer.'],
  ])('is one for %j', (names, text) => {
    expect(failedUploadsText(names.map(failed))).toBe(text);
  });
});
