import { describe, expect, it } from 'vitest';
import { parseEprt, parseEpsv, parsePasv, parsePort } from '../../src/protocol/address.ts';
import { redactCommand } from '../../src/protocol/command.ts';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { Features } from '../../src/protocol/features.ts';
import { parseChecksum, parseHash } from '../../src/protocol/hash.ts';
import { isSafeName, parseList, parseMlsd } from '../../src/protocol/listing.ts';
import { parseMlst } from '../../src/protocol/mlsd.ts';
import { parsePathname } from '../../src/protocol/pathname.ts';
import { replyText } from '../../src/protocol/reply.ts';
import { parseUniqueName } from '../../src/protocol/stou.ts';
import { parseTimestamp } from '../../src/protocol/timestamp.ts';
import { allListings } from './allListings.ts';

/** Eight times what a line of a listing may have. */
const longest = 512 * 1024;

/** Every parser of one line. At this length one that is quadratic takes more than a minute for a single line. */
const parsers: Readonly<Record<string, (line: string) => unknown>> = {
  parsePasv,
  parsePort,
  parseEpsv,
  parseEprt,
  redactCommand,
  parseTimestamp,
  features: (line) => Features.parse({ code: 211, lines: ['', line, ''] }),
  parseHash: (line) => parseHash({ code: 213, lines: [line] }),
  parseChecksum: (line) => parseChecksum('XSHA512', { code: 250, lines: [line] }),
  parseCrc: (line) => parseChecksum('XCRC', { code: 250, lines: [line] }),
  parseMlst: (line) => parseMlst({ code: 250, lines: ['', line, ''] }),
  parsePathname: (line) => parsePathname({ code: 257, lines: [line] }),
  replyText: (line) => replyText({ code: 250, lines: [line] }),
  parseUniqueName: (line) => parseUniqueName({ code: 150, lines: [line] }),
  parseList: (line) => parseList([line], 0),
  parseMlsd: (line) => parseMlsd([line]),
  isSafeName,
};

function orProtocolError(act: () => unknown): void {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError);
  }
}

const characters = [' ', '1', 'a', '"', ',', ';', '/', '(', '|', '-', '=', '.', ':', '[', '\t'];
const pairs = characters.flatMap((first) => characters.map((second) => first + second));
const fillers = [...pairs, ' -> ', '"" ', ';1 ', ' 1,', ' =s'];
const starts = ['(', '"', '(|||', ' FILE: ', 'SHA-256 0-', 'type=OS.x=slink:', '127,0,0,1,'];
const fill = (filler: string) => filler.repeat(longest / filler.length);

describe('a line of 512 KiB', { timeout: 40_000 }, () => {
  it.each(Object.entries(parsers))('C-52 of any kind is soon done with by %s', (_, parse) => {
    for (const filler of fillers) orProtocolError(() => parse(`${fill(filler)}x`));
    for (const start of starts) {
      for (const character of characters) orProtocolError(() => parse(`${start}${fill(character)}x`));
    }
  });

  it('C-45 that begins and ends like an entry is soon done with', () => {
    for (const [first = '', second = first] of allListings) {
      const boundaries = [...second.matchAll(/\b|(?=\s)/g)].map(({ index }) => index);
      for (const filler of [' ', '1', 'a']) {
        for (const place of boundaries) {
          const line = second.slice(0, place) + fill(filler) + second.slice(place);
          expect(parseList([first, line], 0).entries.length).toBeLessThanOrEqual(2);
        }
      }
    }
  });
});
