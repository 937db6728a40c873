import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { checksumCommands, parseChecksum, parseHash } from '../../src/protocol/hash.ts';
import { ReplyReader } from '../../src/protocol/reply.ts';
import { parseUniqueName } from '../../src/protocol/stou.ts';
import { parseTimestamp } from '../../src/protocol/timestamp.ts';
import { chunks, cuts } from './chunks.ts';
import { propertyRuns, propertyTimeout } from './propertyRuns.ts';

const tokens = [
  ...'SHA-256 |MD5 |0-49 |XCRC|FILE: |unique file name:|(|)|"|""|213-|250-| |\0|x y|20240102|030405|19100|.5|-'.split(
    '|',
  ),
  'fcb217f0a094ad05f572e3678615b9d1',
  '85c7c35f151659b612c67ed74c4760a78d89f4c8',
  '1A2B3C4D',
];
const text = fc
  .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom(...tokens)), { maxLength: 8 })
  .map((pieces) => pieces.join(''));
const reply = fc.record({
  code: fc.constantFrom(125, 150, 200, 213, 226, 250, 251, 550),
  lines: fc.array(text, { minLength: 1, maxLength: 4 }),
});

function orProtocolError<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
    return undefined;
  }
}

describe('any reply', { timeout: propertyTimeout }, () => {
  it('tells a hash in hexadecimal, or ends in ProtocolError', () => {
    fc.assert(
      fc.property(reply, (any) => {
        const hash = orProtocolError(() => parseHash(any));
        expect(hash?.value ?? '00').toMatch(/^(?:[0-9a-f]{2})+$/);
        expect(hash?.algorithm ?? 'X').toMatch(/^[A-Z][A-Z0-9_/-]*$/);
        for (const command of checksumCommands) {
          expect(orProtocolError(() => parseChecksum(command, any))?.value ?? '00000000').toMatch(
            /^[0-9a-f]{8,128}$/,
          );
        }
      }),
      propertyRuns,
    );
  });

  it('C-42 tells a name that can be sent, or none', () => {
    fc.assert(
      fc.property(reply, (any) => {
        const name = parseUniqueName(any);
        expect(name).not.toBe('');
        expect(name ?? '').not.toMatch(/[\r\n\0]/);
      }),
      propertyRuns,
    );
  });

  it('C-43 tells a time, or none', () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(Number.isInteger(parseTimestamp(any) ?? 0)).toBe(true);
      }),
      propertyRuns,
    );
  });

  it('C-42 in any chunks tells the same', () => {
    const read = (pieces: readonly Uint8Array[]) => {
      const reader = new ReplyReader();
      const replies = pieces.flatMap((piece) => (reader.failure === undefined ? reader.push(piece) : []));
      return replies.map((each) => [
        parseUniqueName(each),
        orProtocolError(() => parseHash(each)),
        orProtocolError(() => parseChecksum('XSHA1', each)),
      ]);
    };
    fc.assert(
      fc.property(reply, cuts, ({ code, lines }, at) => {
        const last = lines.at(-1);
        const whole = new TextEncoder().encode(`${code}-${lines.join('\r\n')}\r\n${code} ${last}\r\n`);
        expect(read(chunks(whole, at))).toEqual(read([whole]));
      }),
      propertyRuns,
    );
  });
});
