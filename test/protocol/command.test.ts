import { describe, expect, it } from 'vitest';
import { CommandReader, formatCommand, redactCommand } from '../../src/protocol/command.ts';
import { ProtocolError } from '../../src/protocol/errors.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('formatCommand', () => {
  it('writes one line', () => {
    expect(formatCommand('NOOP')).toBe('NOOP\r\n');
    expect(formatCommand('RETR', 'a b')).toBe('RETR a b\r\n');
    expect(formatCommand('PASS', '')).toBe('PASS \r\n');
  });

  it('C-47 keeps the spaces of a name', () => {
    expect(formatCommand('RETR', ' a  b ')).toBe('RETR  a  b \r\n');
  });

  it.each([
    ['RETR', 'a\r\nDELE b'],
    ['RETR', 'a\nDELE b'],
    ['RETR', 'a\rb'],
    ['USER', 'me\0'],
    ['PASS', 'x\r'],
    ['NOOP\r\nQUIT', undefined],
    ['', 'x'],
  ])('C-47 refuses %j with %j', (verb, argument) => {
    expect(() => formatCommand(verb, argument)).toThrow(ProtocolError);
  });

  it('C-47 refuses half a character, which would be sent as another name', () => {
    expect(() => formatCommand('DELE', 'a\ud83d')).toThrow(ProtocolError);
    expect(formatCommand('DELE', 'a😀')).toBe('DELE a😀\r\n');
  });

  it('does not repeat a secret in its error', () => {
    expect(() => formatCommand('PASS', 'hunter2\n')).toThrow(expect.not.stringContaining('hunter2'));
  });
});

describe('redactCommand', () => {
  it.each([
    ['PASS secret', 'PASS ********'],
    ['pass se cret\r\n', 'pass ********'],
    [' Pass  secret', ' Pass ********'],
    ['ACCT secret', 'ACCT ********'],
    ['PASS', 'PASS'],
    ['USER me\r\nPASS secret\r\n', 'USER me PASS ********'],
    ['PASS\tsecret', 'PASS ********'],
    ['USER passive', 'USER passive'],
    ['RETR PASS x', 'RETR PASS x'],
    ['PASV\r\n', 'PASV'],
    ['RETR a\u001b[31m', 'RETR a [31m'],
  ])('C-56 writes %j as %j', (line, redacted) => {
    expect(redactCommand(line)).toBe(redacted);
  });
});

describe('CommandReader', () => {
  const read = (text: string) => new CommandReader().push(bytes(text));

  it.each([
    ['NOOP\r\n', 'NOOP', ''],
    ['noop\n', 'NOOP', ''],
    ['l\u0131st\n', 'L\u0131ST', ''],
    ['RETR a b\r\n', 'RETR', 'a b'],
    ['RETR  a \r\n', 'RETR', ' a '],
    ['PASS \r\n', 'PASS', ''],
    ['STOR grüße\r\n', 'STOR', 'grüße'],
    ['\r\n', '', ''],
  ])('reads %j', (text, verb, argument) => {
    expect(read(text)).toEqual([{ verb, argument }]);
  });

  it('reads pipelined commands in order, also byte by byte', () => {
    const text = 'PBSZ 0\r\nPROT P\r\nEPSV\r\nQU';
    const reader = new CommandReader();
    const commands = [...bytes(text)].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    expect(commands).toEqual(read(text));
    expect(commands.map((command) => 'verb' in command && command.verb)).toEqual(['PBSZ', 'PROT', 'EPSV']);
  });

  it('S-23 tells an overlong line once, and swallows it up to its end', () => {
    const reader = new CommandReader(undefined, 10);
    expect(reader.push(bytes('STOR 12345\nSTOR 123456'))).toEqual([
      { verb: 'STOR', argument: '12345' },
      { overlong: true },
    ]);
    for (let count = 0; count < 1000; count += 1) expect(reader.push(bytes('x'.repeat(1000)))).toEqual([]);
    expect(reader.push(bytes('y\r\nNOOP\r\n'))).toEqual([{ verb: 'NOOP', argument: '' }]);
  });

  it.each([
    ['IAC IAC, the byte 255', [255, 255], 'ÿ'],
    ['IAC WILL, with an option', [255, 251, 1], ''],
    ['IAC WONT, with an option that looks like a line end', [255, 252, 10], ''],
    ['IAC DO, with an option that looks like IAC', [255, 253, 255], ''],
    ['IAC DONT, with an option', [255, 254, 65], ''],
    ['IAC IP and IAC DM, which precede ABOR', [255, 244, 255, 242], ''],
    ['IAC IP and IAC without its DM, which was urgent data', [255, 244, 255], ''],
  ])('S-23 strips %s, however it is chunked', (_, telnet, text) => {
    const line = Uint8Array.of(...bytes('STOR a'), ...telnet, ...bytes('b\r\n'));
    const expected = [{ verb: 'STOR', argument: `a${text}b` }];
    expect(new CommandReader().push(line)).toEqual(expected);
    const reader = new CommandReader();
    expect([...line].flatMap((byte) => reader.push(Uint8Array.of(byte)))).toEqual(expected);
  });

  it('S-8 drops what is buffered behind AUTH, and says how much', () => {
    const reader = new CommandReader();
    expect(reader.push(Uint8Array.of(...bytes('AUTH TLS\r\nFEA'), 255))).toHaveLength(1);
    expect(reader.discard()).toBe(4);
    expect(reader.discard()).toBe(0);
    expect(reader.push(bytes('T\r\n'))).toEqual([{ verb: 'T', argument: '' }]);
  });
});
