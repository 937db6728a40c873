import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandReader } from '../../src/protocol/command.ts';
import { type DecodeText, decodeText } from '../../src/protocol/decodeText.ts';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { Features } from '../../src/protocol/features.ts';
import { ListingReader } from '../../src/protocol/listing.ts';
import { type Reply, ReplyReader } from '../../src/protocol/reply.ts';
import { chunks, cuts } from './chunks.ts';
import { propertyRuns, propertyTimeout } from './propertyRuns.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** Bytes in which what matters to the protocol is frequent. */
const bytes = fc
  .array(
    fc.oneof(
      { weight: 2, arbitrary: fc.uint8Array({ maxLength: 4 }) },
      {
        weight: 3,
        arbitrary: fc
          .constantFrom('220 ', '220-', '211 ', '\r\n', '\n', '\r', ' ', 'x', 'é', '1', 'NOOP', 'a b', '220')
          .map(encode),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom([255], [255, 255], [255, 253], [255, 244]).map((b) => Uint8Array.from(b)),
      },
    ),
    { maxLength: 40 },
  )
  .map((pieces) => Uint8Array.from(pieces.flatMap((piece) => [...piece])));

describe('any bytes in any chunks', { timeout: propertyTimeout }, () => {
  it('C-52 make the same replies as the whole, within the limits, and nothing but ProtocolError', () => {
    const read = (pieces: readonly Uint8Array[]) => {
      const reader = new ReplyReader(undefined, { lineBytes: 12, replyBytes: 40 });
      const replies: Reply[] = [];
      for (const piece of pieces) {
        if (reader.failure === undefined) replies.push(...reader.push(piece));
      }
      const { midReply, failure } = reader;
      return { replies, midReply, failure: failure?.message };
    };
    fc.assert(
      fc.property(bytes, cuts, (whole, at) => {
        const result = read([whole]);
        expect(read(chunks(whole, at))).toEqual(result);
        for (const { code, lines } of result.replies) {
          expect(code >= 100 && code <= 599 && lines.length > 0).toBe(true);
          expect(lines.every((line) => line.length <= 12)).toBe(true);
          expect(lines.join('').length).toBeLessThanOrEqual(40);
        }
      }),
      propertyRuns,
    );
  });

  it('S-23 make the same commands as the whole, within the limit', () => {
    const read = (pieces: readonly Uint8Array[]) => {
      const reader = new CommandReader(undefined, 12);
      const commands = pieces.flatMap((piece) => reader.push(piece));
      return { commands, discarded: reader.discard() };
    };
    fc.assert(
      fc.property(bytes, cuts, (whole, at) => {
        const result = read([whole]);
        expect(read(chunks(whole, at))).toEqual(result);
        expect(result.discarded).toBeLessThanOrEqual(14);
      }),
      propertyRuns,
    );
  });

  it('C-48 make the same features as the whole', () => {
    const read = (pieces: readonly Uint8Array[]) => {
      const reader = new ReplyReader();
      const replies: Reply[] = [];
      for (const piece of pieces) {
        if (reader.failure === undefined) replies.push(...reader.push(piece));
      }
      return replies.map((reply) => {
        const features = Features.parse(reply);
        return features.names.map((name) => [name, ...features.parameters(name)]);
      });
    };
    const reply = bytes.map((inner) =>
      Uint8Array.of(...encode('211-Features\n AUTH TLS\n '), ...inner, ...encode('\n211 End\n')),
    );
    fc.assert(
      fc.property(reply, cuts, (whole, at) => {
        expect(read(chunks(whole, at))).toEqual(read([whole]));
      }),
      propertyRuns,
    );
  });

  it('make the same listing as the whole, within the limits, and nothing but ProtocolError', () => {
    const read = (pieces: readonly Uint8Array[]) => {
      const reader = new ListingReader(undefined, { lineBytes: 12, lines: 6, bytes: 50 });
      try {
        for (const piece of pieces) reader.push(piece);
        return reader.finish();
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
        return String(error);
      }
    };
    fc.assert(
      fc.property(bytes, cuts, (whole, at) => {
        const result = read([whole]);
        expect(read(chunks(whole, at))).toEqual(result);
        if (typeof result !== 'string') expect(result.length).toBeLessThanOrEqual(6);
      }),
      propertyRuns,
    );
  });

  it('make the same lines at once as one by one, up to the same limits', () => {
    const read = (pieces: readonly Uint8Array[], decode: DecodeText | undefined) => {
      const reader = new ListingReader(decode, { lineBytes: 40, lines: 20, bytes: 60 });
      try {
        for (const piece of pieces) reader.push(piece);
        return reader.finish();
      } catch (error) {
        return String(error);
      }
    };
    const words = fc.constantFrom('a', 'ž', '\u{1f408}', '\xff', '\r', '\n', '\r\n', '\r\n', '-rw-r--r-- ');
    const text = fc.array(words, { maxLength: 60 }).map((parts) => encode(parts.join('')));
    fc.assert(
      fc.property(fc.oneof(bytes, text), cuts, (whole, at) => {
        const pieces = chunks(whole, at);
        expect(read(pieces, undefined)).toEqual(read(pieces, (line) => decodeText(line)));
      }),
      propertyRuns,
    );
  });
});
