import { describe, expect, it } from 'vitest';
import { parseEprt, parseEpsv, parsePasv, parsePort } from '../../src/protocol/address.ts';
import { CommandReader } from '../../src/protocol/command.ts';
import { Features } from '../../src/protocol/features.ts';
import { parseMlst } from '../../src/protocol/mlsd.ts';
import { parsePathname } from '../../src/protocol/pathname.ts';
import { type Reply, ReplyReader } from '../../src/protocol/reply.ts';
import { parseUniqueName } from '../../src/protocol/stou.ts';
import { parseTimestamp } from '../../src/protocol/timestamp.ts';
import { clients } from './captured/clients.ts';
import type { Exchange } from './captured/exchange.ts';
import { proftpd } from './captured/proftpd.ts';
import { pureFtpd } from './captured/pureFtpd.ts';
import { pyftpdlib } from './captured/pyftpdlib.ts';
import { vsftpd } from './captured/vsftpd.ts';

const servers = { vsftpd, ProFTPD: proftpd, 'Pure-FTPd': pureFtpd, pyftpdlib };

function replies(exchanges: readonly Exchange[], chunkBytes = 1): Reply[] {
  const bytes = new TextEncoder().encode(exchanges.map(([, text]) => text).join(''));
  const reader = new ReplyReader();
  const read: Reply[] = [];
  for (let start = 0; start < bytes.length; start += chunkBytes) {
    read.push(...reader.push(bytes.subarray(start, start + chunkBytes)));
  }
  reader.end();
  return read;
}

/** All replies to the command, the last of them first where it was sent more than once. */
function answer(exchanges: readonly Exchange[], command: string): Reply[] {
  return replies(exchanges.filter(([sent]) => sent === command).slice(-1), 7);
}

const final = (exchanges: readonly Exchange[], command: string): Reply => {
  const last = answer(exchanges, command).at(-1);
  if (last === undefined) throw new Error(`${command} was not answered`);
  return last;
};

describe.each(Object.entries(servers))('what %s answers', (name, exchanges) => {
  it('C-52 is read reply by reply, however it is cut', () => {
    const whole = replies(exchanges, Number.MAX_SAFE_INTEGER);
    expect(replies(exchanges)).toEqual(whole);
    // The two STOU have two replies each, one of them where it is refused.
    const second = final(exchanges, 'STOU two words.txt').code === 226 ? 2 : 1;
    expect(whole).toHaveLength(exchanges.length + second);
    expect(whole.at(0)?.code).toBe(220);
    expect(whole.at(-1)?.code).toBe(221);
  });

  it('C-48 tells its features', () => {
    const features = Features.parse(final(exchanges, 'FEAT'));
    expect(features.names).toEqual(expect.arrayContaining(['EPSV', 'EPRT', 'MDTM', 'SIZE', 'TVFS']));
    expect(features.parameters('REST')).toEqual(['STREAM']);
    expect(features.has('UTF8')).toBe(name !== 'vsftpd');
    expect(features.mlstFacts().includes('modify')).toBe(name !== 'vsftpd');
  });

  it('C-30 C-31 tells where to connect to', () => {
    const passive = parsePasv(`${final(exchanges, 'PASV').lines[0]}`);
    expect(passive.host).toBe('127.0.0.1');
    expect(passive.port).toBeGreaterThan(1023);
    expect(parseEpsv(`${final(exchanges, 'EPSV').lines[0]}`)).toBeGreaterThan(1023);
  });

  it('C-47 tells a path with quotes and umlauts', () => {
    expect(parsePathname(final(exchanges, 'PWD'))).toBe('/Grüße "x"');
    expect(parsePathname(final(exchanges, 'MKD new "y"'))).toMatch(/(?:^|\/)new "y"$/);
  });

  it('C-43 tells size and time', () => {
    expect(final(exchanges, 'SIZE two  words.txt')).toEqual({ code: 213, lines: ['6'] });
    expect(parseTimestamp(`${final(exchanges, 'MDTM index.html').lines[0]}`)).toBeGreaterThan(
      Date.UTC(2026, 0),
    );
    expect(final(exchanges, 'MFMT 20240102030405 index.html').code).toBe(name === 'vsftpd' ? 500 : 213);
  });

  it('C-44 tells the facts of a file and of the root', () => {
    if (name === 'vsftpd') expect(final(exchanges, 'MLST /').code).toBe(500);
    else {
      expect(parseMlst(final(exchanges, 'MLST index.html'))).toMatchObject({ type: 'file', size: 6 });
      expect(parseMlst(final(exchanges, 'MLST /'))).toMatchObject({ type: 'directory', name: '/' });
    }
  });

  it('C-42 tells the name of a file it has named', () => {
    expect(answer(exchanges, 'STOU').map(parseUniqueName)).toEqual([
      expect.stringMatching(/^(?:STOU\.1|ftp\w+|pureftpd\.[\w.]+|ftpd\.\w+)$/),
      undefined,
    ]);
  });

  it('C-52 tells help and status in many lines', () => {
    expect(final(exchanges, 'HELP')).toMatchObject({ code: 214 });
    expect(final(exchanges, 'HELP').lines.length).toBeGreaterThan(4);
    expect(final(exchanges, 'STAT index.html').lines).toHaveLength(3);
  });
});

describe('what a client sends', () => {
  const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  const read = (sent: keyof typeof clients) => {
    const reader = new CommandReader();
    return [...bytesOf(clients[sent])]
      .flatMap((byte) => reader.push(Uint8Array.of(byte)))
      .map((command) =>
        'overlong' in command ? 'overlong' : `${command.verb} ${command.argument}`.trimEnd(),
      );
  };

  it.each(Object.entries(clients))('S-23 is read command by command, however it is cut: %s', (_, text) => {
    const whole = new CommandReader();
    const bytewise = new CommandReader();
    const commands = whole.push(bytesOf(text));
    expect([...bytesOf(text)].flatMap((byte) => bytewise.push(Uint8Array.of(byte)))).toEqual(commands);
    expect(whole.discard()).toBe(bytewise.discard());
    const [first = { verb: '' }] = commands;
    expect('verb' in first && first.verb).toMatch(/^(?:USER|FEAT)$/);
  });

  it('S-23 keeps blanks, umlauts and quotes', () => {
    expect(read('curl, passive')).toEqual([
      'USER démo@example.org',
      'PASS pass word"%',
      'PWD',
      'CWD two words',
      'EPSV',
      'TYPE I',
      'SIZE grüße.txt',
      'RETR grüße.txt',
      'QUIT',
    ]);
    expect(read('lftp, passive')).toContain('CWD /home/demo/two  words');
    expect(read('lftp, active')).toContain('STOR ü "q".txt');
    expect(read("Python's ftplib, passive")).toEqual(
      expect.arrayContaining(['RETR grüße "q".txt', 'MKD  x', 'RNTO b c', 'OPTS MLST type;size;']),
    );
    expect(read("Python's ftplib, active")).toContain('ABOR');
    expect(read('curl, upload resumed, quote')).toContain('RNTO ü');
  });

  it('S-24 is an ABOR behind Telnet’s IP and an IAC whose DM was urgent data', () => {
    expect(clients['lftp, passive']).toContain('\u00ff\u00f4\u00ffABOR');
    expect(read('lftp, passive').slice(11, 14)).toEqual(['RETR a b.txt', 'ABOR', 'SIZE grüße.txt']);
  });

  it('S-19 S-20 says where it listens', () => {
    const argument = (sent: keyof typeof clients, verb: string) =>
      `${read(sent).find((command) => command.startsWith(`${verb} `))}`.slice(verb.length + 1);
    const local = { host: '127.0.0.1' };
    expect(parsePort(argument('curl, active PORT', 'PORT'))).toEqual({ ...local, port: 129 * 256 + 219 });
    expect(parsePort(argument('lftp, active', 'PORT'))).toEqual({ ...local, port: 142 * 256 + 181 });
    expect(parsePort(argument("Python's ftplib, active", 'PORT'))).toEqual({
      ...local,
      port: 129 * 256 + 185,
    });
    expect(parseEprt(argument('curl, active EPRT on IPv4', 'EPRT'))).toEqual({
      family: 1,
      ...local,
      port: 44_601,
    });
    expect(parseEprt(argument('curl, active EPRT on IPv6', 'EPRT'))).toMatchObject({
      family: 2,
      host: '::1',
    });
    expect(parseEprt(argument('lftp, active on IPv6', 'EPRT'))).toMatchObject({ family: 2, host: '::' });
    expect(parseEprt(argument("Python's ftplib, active on IPv6", 'EPRT'))).toMatchObject({
      family: 2,
      host: '::1',
    });
  });
});
