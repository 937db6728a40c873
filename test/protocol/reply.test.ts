import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { formatReply, type Reply, ReplyReader, replyClass, replyText } from '../../src/protocol/reply.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function read(text: string, reader = new ReplyReader()): Reply[] {
  const replies = reader.push(bytes(text));
  if (reader.failure !== undefined) throw reader.failure;
  reader.end();
  return replies;
}

describe('ReplyReader', () => {
  it('reads a reply of one line', () => {
    expect(read('220 Welcome\r\n')).toEqual([{ code: 220, lines: ['Welcome'] }]);
  });

  it.each(['220\r\n', '220 \r\n', '220\n'])('reads a reply without text: %j', (text) => {
    expect(read(text)).toEqual([{ code: 220, lines: [''] }]);
  });

  it('C-52 ends a multi-line reply only at the same code and a space', () => {
    const text =
      '211-Status\r\n220 nested\r\n211-more\r\n211\r\n2110 x\r\n 211 indented\r\n212 other\r\n211 End\r\n';
    expect(read(text)).toEqual([
      {
        code: 211,
        lines: ['Status', '220 nested', '211-more', '211', '2110 x', ' 211 indented', '212 other', 'End'],
      },
    ]);
  });

  it('C-52 accepts bare LF as line end', () => {
    expect(read('220-a\n220 b\n331 c\r\n')).toEqual([
      { code: 220, lines: ['a', 'b'] },
      { code: 331, lines: ['c'] },
    ]);
  });

  it('C-52 gives the same replies byte by byte', () => {
    const text = bytes('220-Grüße\r\n 1\r\n220 x\r\n230 in\r\n');
    const reader = new ReplyReader();
    const replies = [...text].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    expect(replies).toEqual(new ReplyReader().push(text));
    expect(replies).toHaveLength(2);
  });

  it.each([
    'hello\r\n',
    '\r\n',
    '22 x\r\n',
    '2200 x\r\n',
    '099 x\r\n',
    '600 x\r\n',
    '2a0 x\r\n',
    ' 220 x\r\n',
    '220\tx\r\n',
    '-20 x\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n',
    '\u0015\u0003\u0001\u0000\u0002\u0002\n',
  ])('C-52 refuses what is no reply: %j', (text) => {
    expect(() => read(text)).toThrow(ProtocolError);
  });

  it.each(['220 no end', '220-open\r\n', '220-open\r\n220', '2'])(
    'C-52 takes the end of the connection inside a reply for an error: %j',
    (text) => {
      const reader = new ReplyReader();
      expect(reader.push(bytes(text))).toEqual([]);
      expect(reader.midReply).toBe(true);
      expect(() => reader.end()).toThrow(ProtocolError);
    },
  );

  it('lets the connection end between replies', () => {
    const reader = new ReplyReader();
    reader.push(bytes('221 Bye\r\n'));
    expect(reader.midReply).toBe(false);
    expect(() => reader.end()).not.toThrow();
  });

  it('returns the replies before a fault, and stays broken after it', () => {
    const reader = new ReplyReader();
    expect(reader.push(bytes('220 a\r\n230 b\r\nrubbish\r\n250 c\r\n')).map((reply) => reply.code)).toEqual([
      220, 230,
    ]);
    expect(reader.failure).toBeInstanceOf(ProtocolError);
    expect(() => reader.push(bytes('250 c\r\n'))).toThrow(ProtocolError);
    expect(() => reader.end()).toThrow(ProtocolError);
  });

  it('C-12 tells that bytes have come behind the reply to AUTH', () => {
    const whole = new ReplyReader();
    expect(whole.push(bytes('234 go\r\n230 in\r\n'))).toHaveLength(2);
    const part = new ReplyReader();
    expect(part.push(bytes('234 go\r\n2'))).toHaveLength(1);
    expect(part.midReply).toBe(true);
  });

  it('C-52 refuses a line over its limit before its end has come', () => {
    const reader = new ReplyReader(undefined, { lineBytes: 10 });
    expect(reader.push(bytes('220 123456\n220 12345'))).toHaveLength(1);
    expect(reader.failure).toBeUndefined();
    expect(reader.push(bytes('67'))).toEqual([]);
    expect(reader.failure).toBeInstanceOf(ProtocolError);
  });

  it('C-52 refuses a reply over its limit, made of however short lines', () => {
    const reader = new ReplyReader(undefined, { replyBytes: 1000 });
    reader.push(bytes(`211-x\n${'\n'.repeat(994)}`));
    expect(reader.failure).toBeUndefined();
    reader.push(bytes('\n'));
    expect(reader.failure).toBeInstanceOf(ProtocolError);
  });

  it('reads each line as UTF-8, or as ISO 8859-1 where it is not', () => {
    const reader = new ReplyReader();
    const latin = Uint8Array.of(0x32, 0x35, 0x30, 0x20, 0xe9, 0x80, 0x0a);
    expect(reader.push(latin)[0]?.lines).toEqual(['é\u0080']);
    expect(reader.push(bytes('250 é\n'))[0]?.lines).toEqual(['é']);
  });

  it('C-52 refuses a first line over the limit of the reply', () => {
    const reader = new ReplyReader(undefined, { replyBytes: 10 });
    expect(reader.push(bytes('220 12345\n220 123456\n'))).toHaveLength(1);
    expect(reader.failure).toBeInstanceOf(ProtocolError);
  });

  it('lets a fault of the decoder through, which is not the server’s', () => {
    const fault = new TypeError('no such character set');
    const reader = new ReplyReader(() => {
      throw fault;
    });
    expect(() => reader.push(bytes('220 x\n'))).toThrow(fault);
  });

  it('reads a long line that comes in pieces', () => {
    const reader = new ReplyReader();
    const text = 'x'.repeat(700);
    expect(reader.push(bytes(`220 ${text.slice(0, 200)}`))).toEqual([]);
    expect(reader.push(bytes(text.slice(200)))).toEqual([]);
    expect(reader.push(bytes('\r\n'))).toEqual([{ code: 220, lines: [text] }]);
  });

  it('reads lines by the decoder that it is given', () => {
    const reader = new ReplyReader((line) => `<${line.length}>`);
    expect(reader.push(bytes('250 abc\n'))).toEqual([{ code: 250, lines: ['<3>'] }]);
  });
});

describe('a reply', () => {
  it('is one line for people', () => {
    expect(replyText({ code: 550, lines: ['No such file'] })).toBe('550 No such file');
    expect(replyText({ code: 220, lines: [''] })).toBe('220');
    expect(replyText({ code: 530, lines: ['Sorry', '530-no', ' more\tuse', 'End'] })).toBe(
      '530 Sorry no more use End',
    );
  });

  it('cannot forge a line of a log, nor flood it', () => {
    expect(replyText({ code: 550, lines: ['a\u001b[2J\rb'] })).toBe('550 a [2J b');
    expect(replyText({ code: 550, lines: ['x'.repeat(10_000)] }).length).toBeLessThan(600);
  });

  it('is written as the reader reads it', () => {
    expect(formatReply(220, 'Ready')).toBe('220 Ready\r\n');
    expect(formatReply(220, ['Ready'])).toBe('220 Ready\r\n');
    expect(formatReply(220, [])).toBe('220 \r\n');
    expect(formatReply(211, ['Features:', ' PBSZ', 'End'])).toBe('211-Features:\r\n PBSZ\r\n211 End\r\n');
  });

  it('C-52 cannot be ended by one of its own inner lines, nor by a name in it', () => {
    expect(formatReply(211, ['a', '211 End', 'b'])).toBe('211-a\r\n 211 End\r\n211 b\r\n');
    expect(formatReply(550, 'x\r\n230 in\0: not found')).toBe('550 x  230 in : not found\r\n');
  });

  it('has the meaning of its first digit', () => {
    expect([150, 226, 331, 425, 550].map(replyClass)).toEqual([
      'preliminary',
      'completion',
      'intermediate',
      'transient',
      'permanent',
    ]);
    expect(() => replyClass(600)).toThrow(ProtocolError);
    expect(() => formatReply(99, 'x')).toThrow(ProtocolError);
  });
});
