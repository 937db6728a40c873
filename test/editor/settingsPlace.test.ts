import { describe, expect, it } from 'vitest';
import { placeOfProfile } from '../../src/editor/settingsPlace.ts';

function textAt(text: string, name: string): string | undefined {
  const place = placeOfProfile(text, name);
  return place && text.slice(place.offset, place.offset + place.length);
}

describe('the place of a connection in the settings', () => {
  it('is found among comments and trailing commas', () => {
    const text = '{\n  // mine\n  "ftps.profiles": { "a": {}, "b": { "host": "h" }, },\n}';
    expect(textAt(text, 'b')).toBe('"b": { "host": "h" }');
  });

  it('is found in a .code-workspace', () => {
    const text = '{ "folders": [], "settings": { "ftps.profiles": { "a": {} } } }';
    expect(textAt(text, 'a')).toBe('"a": {}');
  });

  it('is the setting where the connection is not there, and nothing where that is not there either', () => {
    expect(textAt('{ "ftps.profiles": {} }', 'a')).toBe('{}');
    expect(textAt('{}', 'a')).toBeUndefined();
    expect(textAt('', 'a')).toBeUndefined();
  });
});
