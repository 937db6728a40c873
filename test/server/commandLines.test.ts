import { describe, expect, it } from 'vitest';
import { CommandLines } from '../../src/server/commandLines.ts';

const abort = { verb: 'ABOR', argument: '' };
const noop = { verb: 'NOOP', argument: '' };

function commandsOf(...chunks: (string | Buffer)[]): unknown[] {
  const lines = new CommandLines(100);
  return chunks.flatMap((chunk) => lines.push(Buffer.from(chunk)));
}

describe('ABOR whose LF is urgent data', () => {
  it.each([
    ['alone', ['ABOR\r']],
    ['in small letters', ['abor\r']],
    ['in pieces', ['AB', 'OR', '\r']],
    ['with its LF behind it', ['ABOR\r', '\n']],
    ['whole', ['ABOR\r\n']],
    ['behind Telnet commands', [Buffer.from([0xff, 0xf4, 0xff, 0xf2]), 'ABOR\r']],
    ['behind an Interrupt Process whose DM is urgent', [Buffer.from([0xff, 0xf4, 0xff]), 'ABOR\r']],
  ])('S-24: is one ABOR %s', (_how, chunks) => {
    expect(commandsOf(...chunks)).toEqual([abort]);
    expect(commandsOf(...chunks, 'NOOP\r\n')).toEqual([abort, noop]);
    expect(commandsOf('NOOP\r\n', ...chunks)).toEqual([noop, abort]);
  });

  it.each([
    ['inside a line', ['RETR ABOR\r', '\n'], [{ verb: 'RETR', argument: 'ABOR' }]],
    ['as the end of a longer word', ['XABOR\r', '\n'], [{ verb: 'XABOR', argument: '' }]],
    ['with an argument', ['ABOR x\r', '\n'], [{ verb: 'ABOR', argument: 'x' }]],
    ['behind an overlong line', [`${'A'.repeat(200)}ABOR\r`], [{ overlong: true }]],
    ['before its CR', ['ABOR'], []],
  ])('S-24: is none %s', (_where, chunks, commands) => {
    expect(commandsOf(...chunks)).toEqual(commands);
  });

  it('S-24: is none from pieces that TLS parts, and forgets what is dropped', () => {
    const lines = new CommandLines(100);
    lines.push(Buffer.from('ABOR'));
    lines.discard();
    expect(lines.push(Buffer.from('\rNOOP\r\n'))).toEqual([{ verb: '\rNOOP', argument: '' }]);
  });
});
