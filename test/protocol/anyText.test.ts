import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEprt, parseEpsv, parsePasv, parsePort } from '../../src/protocol/address.ts';
import { CommandReader, formatCommand, redactCommand } from '../../src/protocol/command.ts';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { Features } from '../../src/protocol/features.ts';
import { isSafeName, parseList, parseMlsd } from '../../src/protocol/listing.ts';
import { parseMlst } from '../../src/protocol/mlsd.ts';
import { parsePathname } from '../../src/protocol/pathname.ts';
import { formatReply, ReplyReader, replyText } from '../../src/protocol/reply.ts';
import { propertyRuns, propertyTimeout } from './propertyRuns.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** Text in which what matters to the parsers is frequent. */
const tokens = [
  ...'-rw-r--r--|lrwxrwxrwx| 1 | a | 12 |Mar  3 |10:00 |2023 |2024-01-02 03:04 | -> '.split('|'),
  ...'01-02-24  03:04PM |<DIR>|<JUNCTION> |x [y]|type=|file;|dir;|modify=2024|size=1;'.split('|'),
  ...'20240102030405|.5|211-| AUTH TLS|MLST |*|   |(|)|127,0,0,1,|200,5|50000|,|""|;|.|..|/|\\'.split('|'),
  '|||',
  '|',
  '"',
  '\0',
  '\r',
  '\t',
];
const text = fc
  .array(fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom(...tokens)), { maxLength: 12 })
  .map((pieces) => pieces.join(''));

function orProtocolError(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
  }
}

describe('any text', { timeout: propertyTimeout }, () => {
  it('C-30 C-31 C-47 is an address or a path, or ends in ProtocolError', () => {
    fc.assert(
      fc.property(text, (any) => {
        for (const parse of [parsePasv, parsePort, parseEprt]) {
          orProtocolError(() => {
            const { host, port } = parse(any);
            expect(host).toMatch(/^[\da-fA-F.:]+$/);
            expect(port > 0 && port < 65_536).toBe(true);
          });
        }
        orProtocolError(() => expect(parseEpsv(any)).toBeGreaterThan(0));
        orProtocolError(() => expect(parsePathname({ code: 257, lines: [any] })).not.toBe(''));
      }),
      propertyRuns,
    );
  });

  it('C-45 C-46 is a listing whose every line is an entry with a safe name, ignored or dropped', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (lines) => {
        for (const { entries, dropped } of [parseMlsd(lines), parseList(lines, Date.UTC(2026, 10, 20))]) {
          expect(entries.length + dropped.length).toBeLessThanOrEqual(lines.length);
          expect(entries.every((entry) => isSafeName(entry.name))).toBe(true);
          expect(dropped.every((line) => lines.includes(line))).toBe(true);
        }
        orProtocolError(() => parseMlst({ code: 250, lines }));
      }),
      propertyRuns,
    );
  });

  it('C-48 is a list of features', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (lines) => {
        const features = Features.parse({ code: 211, lines });
        for (const feature of features.names) {
          expect(features.has(feature.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))).toBe(true);
          expect(features.parameters(feature)).not.toContain('');
        }
      }),
      propertyRuns,
    );
  });

  it('is one line in a log', () => {
    fc.assert(
      fc.property(text, (any) => {
        expect(redactCommand(any)).not.toMatch(/\p{Cc}/u);
        expect(replyText({ code: 250, lines: [any, any] })).not.toMatch(/\p{Cc}/u);
      }),
      propertyRuns,
    );
  });

  it('C-47 is one command as it is meant, or none', () => {
    fc.assert(
      fc.property(text, (any) => {
        orProtocolError(() => {
          const line = formatCommand('STOR', any);
          expect(new CommandReader().push(encode(line))).toEqual([{ verb: 'STOR', argument: any }]);
        });
      }),
      propertyRuns,
    );
  });

  it('C-52 is one reply when it is written, however many lines', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (lines) => {
        const replies = new ReplyReader().push(encode(formatReply(211, lines)));
        expect(replies).toHaveLength(1);
        expect(replies[0]?.lines).toHaveLength(lines.length);
      }),
      propertyRuns,
    );
  });
});
