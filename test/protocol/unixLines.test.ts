import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseUnixLine } from '../../src/protocol/unixListing.ts';
import { UnixLines } from '../../src/protocol/unixLines.ts';
import { propertyRuns, propertyTimeout } from './propertyRuns.ts';

const now = Date.UTC(2026, 5, 1);

const head = joined(
  fc.constantFrom(
    '-rw-r--r--',
    '-rw-r--r--',
    'drwxr-xr-x',
    'lrwxrwxrwx',
    '-rwsr-xr-t+',
    'crw-rw----',
    'total',
  ),
  fc.constantFrom('    1 ', ' 12 ', '\t1 ', ' '),
  fc.constantFrom('alice    ', '1001 ', 'a, ', 'Jun ', ''),
  fc.constantFrom('users ', '1001     ', '12 ', '3, ', 'domain users ', ''),
);
const tail = joined(
  fc.constantFrom('', '     ', '\t'),
  fc.constantFrom(
    '0',
    '7',
    '12',
    '4096',
    '123456789012345',
    '1234567890123456',
    '12345678901234567',
    '8, 1',
    '-1',
    '',
  ),
  fc.constantFrom(
    ' May  1 10:00 ',
    ' May  1 10:00 ',
    ' May  1  2025 ',
    ' may 31 23:59 ',
    ' Feb 29 10:00 ',
    ' Feb 30 10:00 ',
    ' 12 Nov 10:00 ',
    ' Nov 2010 10:00 ',
    ' 2026-05-01 10:00 ',
    '\tMay  1 10:00 ',
    ' May  1 10:00',
    ' ',
  ),
  fc.constantFrom('a', ' a b', 'a -> b', '4 May  1 10:00 a', '.', ''),
);
/** Most of a listing begin as one before them. */
const lines = fc
  .array(head, { minLength: 1, maxLength: 2 })
  .chain((heads) => fc.array(joined(fc.constantFrom(...heads), tail), { maxLength: 20 }));

function joined(...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((texts) => texts.join(''));
}

describe('the lines of one listing', { timeout: propertyTimeout }, () => {
  it('C-45: say together what each says alone', () => {
    fc.assert(
      fc.property(lines, (listed) => {
        const unix = new UnixLines(now);
        const together = listed.map((each) => unix.read(each));
        expect(together).toEqual(listed.map((each) => parseUnixLine(each, now)));
      }),
      propertyRuns,
    );
  });
});
