import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatEprt,
  formatEpsv,
  formatPasv,
  parseEprt,
  parseEpsv,
  parsePasv,
} from '../../src/protocol/address.ts';
import { isSafeName, parseMlsd } from '../../src/protocol/listing.ts';
import { formatMlsdLine } from '../../src/protocol/mlsd.ts';
import { formatPathname, parsePathname } from '../../src/protocol/pathname.ts';
import { formatTimestamp, parseTimestamp } from '../../src/protocol/timestamp.ts';
import { formatUnixLine, parseUnixLine } from '../../src/protocol/unixListing.ts';
import { propertyRuns, propertyTimeout } from './propertyRuns.ts';

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((candidate) => isSafeName(candidate));

describe('what is written', { timeout: propertyTimeout }, () => {
  const time = fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31) });

  it('is read as the same address', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV6(), fc.integer({ min: 1, max: 65_535 }), (host, wide, port) => {
        expect(parsePasv(`(${formatPasv({ host, port })})`)).toEqual({ host, port });
        expect(parseEprt(formatEprt({ host, port }))).toEqual({ family: 1, host, port });
        expect(parseEprt(formatEprt({ host: wide, port })).port).toBe(port);
        expect(parseEpsv(formatEpsv(port))).toBe(port);
      }),
      propertyRuns,
    );
  });

  it('C-43 is read as the same time', () => {
    fc.assert(
      fc.property(time, (ms) => {
        expect(parseTimestamp(formatTimestamp(ms, 'millisecond'))).toBe(ms);
        expect(parseTimestamp(formatTimestamp(ms))).toBe(Math.floor(ms / 1000) * 1000);
      }),
      propertyRuns,
    );
  });

  it('C-47 is read as the same path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (path) => {
        expect(parsePathname({ code: 257, lines: [`${formatPathname(path)} is current`] })).toBe(path);
      }),
      propertyRuns,
    );
  });

  it('C-44 is read as the same entry from MLSD', () => {
    const entry = fc.record(
      {
        name,
        type: fc.constantFrom('file' as const, 'unknown' as const),
        size: fc.maxSafeNat(),
        mode: fc.nat(0o7777),
        unique: fc.uuid(),
      },
      { requiredKeys: ['name', 'type'] },
    );
    fc.assert(
      fc.property(entry, (written) => {
        expect(parseMlsd([formatMlsdLine(written)])).toEqual({ entries: [written], dropped: [] });
      }),
      propertyRuns,
    );
  });

  it('C-45 is read as the same entry from LIST, to the minute or the day', () => {
    const now = Date.UTC(2026, 10, 20, 10, 13);
    const entry = fc.record({
      name,
      type: fc.constantFrom('file' as const, 'directory' as const, 'unknown' as const),
      size: fc.maxSafeNat(),
      mode: fc.nat(0o7777),
      modifiedAt: time,
    });
    fc.assert(
      fc.property(entry, (written) => {
        const read = parseUnixLine(formatUnixLine(written, now), now);
        const { modifiedAt = Number.NaN, modifiedPrecision, owner, group, ...rest } = read ?? { name: '' };
        expect({ ...rest, owner, group }).toEqual({
          name: written.name,
          type: written.type,
          size: written.size,
          mode: written.mode,
          owner: 'ftp',
          group: 'ftp',
        });
        const unit = modifiedPrecision === 'day' ? 86_400_000 : 60_000;
        expect(modifiedAt).toBe(Math.floor(written.modifiedAt / unit) * unit);
      }),
      propertyRuns,
    );
  });
});
