import { Readable, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { fromWire, toWire } from '../../src/server/lineEnds.ts';

/** The conversion's result, the same however the bytes are cut. */
async function converted(conversion: () => Transform, text: string): Promise<string> {
  const results = new Set<string>();
  for (let chunkBytes = 1; chunkBytes <= text.length + 1; chunkBytes += 1) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < text.length; at += chunkBytes)
      chunks.push(Buffer.from(text.slice(at, at + chunkBytes)));
    const bytes = await buffer(Readable.from(chunks).pipe(conversion()));
    results.add(bytes.toString());
  }
  return [...results].join(' or ');
}

describe('line ends in ASCII', () => {
  it.each([
    ['', ''],
    ['one', 'one'],
    ['one\ntwo\n', 'one\r\ntwo\r\n'],
    ['one\r\ntwo', 'one\r\ntwo'],
    ['\n\n\r\n', '\r\n\r\n\r\n'],
    ['a\rb\r', 'a\rb\r'],
  ])('make %j on the wire of a file', async (file, wire) => {
    expect(await converted(toWire, file)).toBe(wire);
  });

  it.each([
    ['', ''],
    ['one\r\ntwo\r\n', 'one\ntwo\n'],
    ['one\ntwo', 'one\ntwo'],
    ['a\rb\r\r\n\r', 'a\rb\r\n\r'],
    ['\r\n\r\n', '\n\n'],
  ])('make of %j on the wire a file', async (wire, file) => {
    expect(await converted(fromWire, wire)).toBe(file);
  });
});
