import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSafeName, type Listing, ListingReader, parseList, parseMlsd } from '../../src/protocol/listing.ts';
import { allListings } from './allListings.ts';
import { chunks, cuts } from './chunks.ts';
import { propertyRuns, propertyTimeout } from './propertyRuns.ts';

const now = Date.UTC(2026, 10, 20);

/** A line with a few characters taken out, put in, or doubled. */
const damage = fc.array(
  fc.record({
    place: fc.nat(90),
    length: fc.constantFrom(0, 0, 0, 1, 2, 10),
    insert: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom(
        ' ',
        '  ',
        '\t',
        '/',
        '..',
        ';1',
        '"',
        "'",
        ' -> ',
        '99',
        '00',
        '*FILE',
        '\0',
        '\r',
        '.DIR;2',
        '',
      ),
    ),
  }),
  { maxLength: 3 },
);

/** Lines of known listings in any mixture, most of them from one and the same, some damaged. */
const listing = fc.constantFrom(...allListings).chain((sample) =>
  fc
    .array(
      fc.tuple(
        fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom(...sample) },
          { weight: 1, arbitrary: fc.constantFrom(...allListings.flat()) },
        ),
        fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: damage }),
      ),
      { maxLength: 12 },
    )
    .map((lines) => [
      // Its first line says what a listing of z/OS is.
      ...sample.slice(0, 1),
      ...lines.map(([line, damages]) =>
        damages.reduce(
          (text, { place, length, insert }) => text.slice(0, place) + insert + text.slice(place + length),
          line,
        ),
      ),
    ]),
);

function expectSound({ entries, dropped }: Listing, lines: readonly string[]): void {
  expect(entries.length + dropped.length).toBeLessThanOrEqual(lines.length);
  expect(dropped.every((line) => lines.includes(line))).toBe(true);
  const longest = Math.max(0, ...lines.map((line) => line.length));
  for (const { name, size = 0, modifiedAt = 0, mode = 0, target = '' } of entries) {
    expect(isSafeName(name)).toBe(true);
    expect(name.length + target.length).toBeLessThanOrEqual(longest);
    expect(Number.isSafeInteger(size) && size >= 0).toBe(true);
    expect(Number.isInteger(modifiedAt)).toBe(true);
    expect(mode >= 0 && mode <= 0o7777).toBe(true);
  }
}

describe('any listing', { timeout: propertyTimeout }, () => {
  it('C-45 C-46 of any dialect has only entries with safe names and sound numbers, and reports the rest', () => {
    fc.assert(
      fc.property(listing, (lines) => {
        expectSound(parseList(lines, now), lines);
        expectSound(parseMlsd(lines), lines);
      }),
      propertyRuns,
    );
  });

  it('C-44 C-45 in any chunks is the same listing', () => {
    const read = (pieces: readonly Uint8Array[]) => {
      const reader = new ListingReader();
      for (const piece of pieces) reader.push(piece);
      const lines = reader.finish();
      return [parseList(lines, now), parseMlsd(lines)];
    };
    fc.assert(
      fc.property(listing, cuts, fc.constantFrom('\n', '\r\n'), (lines, at, end) => {
        const whole = new TextEncoder().encode(lines.map((line) => `${line}${end}`).join(''));
        expect(read(chunks(whole, at))).toEqual(read([whole]));
      }),
      propertyRuns,
    );
  });

  it('C-45 does not depend on the order of its lines behind the first, but for times of OS/400 and versions', () => {
    const unixOrDos = fc.constantFrom(...allListings.slice(0, 5));
    fc.assert(
      fc.property(
        unixOrDos.chain((lines) => fc.shuffledSubarray([...lines])),
        (lines) => {
          const sorted = [...lines].sort();
          const names = (listed: readonly string[]) =>
            parseList(listed, now)
              .entries.map(({ name }) => name)
              .sort();
          expect(names(lines)).toEqual(names(sorted));
        },
      ),
      propertyRuns,
    );
  });
});
