import { describe, expect, it } from 'vitest';
import {
  formatEprt,
  formatEpsv,
  formatPasv,
  formatPort,
  parseEprt,
  parseEpsv,
  parsePasv,
  parsePort,
} from '../../src/protocol/address.ts';
import { ProtocolError, UnknownFamilyError } from '../../src/protocol/errors.ts';

describe('the address of a 227', () => {
  it.each([
    'Entering Passive Mode (127,0,0,1,200,5)',
    'Entering Passive Mode (127,0,0,1,200,5).',
    'Entering Passive Mode 127,0,0,1,200,5',
    '=127,0,0,1,200,5',
    'Entering Passive Mode (127, 0, 0, 1, 200, 5), go',
    '227 Entering Passive Mode (127,000,000,001,200,005)',
  ])('C-30 is read with and without parentheses: %s', (text) => {
    expect(parsePasv(text)).toEqual({ host: '127.0.0.1', port: 51_205 });
  });

  it.each([
    '',
    'OK',
    '(127,0,0,1,200)',
    '(127,0,0,1,200,5,6)',
    '(256,0,0,1,200,5)',
    '(127,0,0,1,256,5)',
    '(127,0,0,1,200,256)',
    '(127,0,0,1,0,0)',
    '(1270,0,0,1,200,5)',
    '(127,0,0,1,200,5000)',
    '(127.0.0.1,200,5)',
    '(::1,200,5)',
  ])('C-30 is refused when octets or port are wrong: %s', (text) => {
    expect(() => parsePasv(text)).toThrow(ProtocolError);
  });

  it('is written as it is read', () => {
    const address = { host: '127.0.0.1', port: 51_205 };
    expect(formatPasv(address)).toBe('127,0,0,1,200,5');
    expect(formatPasv({ ...address, host: '::ffff:127.0.0.1' })).toBe('127,0,0,1,200,5');
  });

  it.each([
    ['::1', 21],
    ['localhost', 21],
    ['1.2.3.256', 21],
    ['1.2.3.4', 0],
    ['1.2.3.4', 65_536],
    ['1.2.3.4', 1.5],
  ])('is not written for %s and port %d', (host, port) => {
    expect(() => formatPasv({ host, port })).toThrow(ProtocolError);
    expect(() => formatPort({ host, port })).toThrow(ProtocolError);
  });
});

describe('the argument of PORT', () => {
  it('is read and written', () => {
    expect(parsePort('10,1,2,3,4,0')).toEqual({ host: '10.1.2.3', port: 1024 });
    expect(formatPort({ host: '10.1.2.3', port: 1024 })).toBe('10,1,2,3,4,0');
  });

  it.each([
    '',
    '10,1,2,3,4',
    '10,1,2,3,4,0,0',
    '10,1,2,3,4,x',
    '(10,1,2,3,4,0)',
    '300,1,2,3,4,0',
    '10,1,2,3,0,0',
  ])('S-19 is refused when it is wrong: %j', (argument) => {
    expect(() => parsePort(argument)).toThrow(ProtocolError);
  });
});

describe('the port of a 229', () => {
  it.each([
    'Entering Extended Passive Mode (|||50000|)',
    'Entering Extended Passive Mode (|||50000|).',
    '(see RFC 2428) (!!!50000!)',
    'x (~~~50000~)',
    'x (111500001)',
    'x (|1|10.0.0.1|50000|)',
    'x (|2|fe80::1|50000|)',
  ])('C-31 is read with any delimiter: %s', (text) => {
    expect(parseEpsv(text)).toBe(50_000);
  });

  it.each([
    '',
    '|||50000|',
    '(|||0|)',
    '(|||65536|)',
    '(|||x|)',
    '(|||50000)',
    '(||50000|)',
    '(   50000 )',
    '(ééé50000é)',
  ])('C-31 is refused when it is wrong: %s', (text) => {
    expect(() => parseEpsv(text)).toThrow(ProtocolError);
  });

  it('is written', () => {
    expect(formatEpsv(50_000)).toBe('(|||50000|)');
    expect(() => formatEpsv(0)).toThrow(ProtocolError);
  });
});

describe('the argument of EPRT', () => {
  it.each([
    ['|1|132.235.1.2|6275|', { family: 1, host: '132.235.1.2', port: 6275 }],
    ['|2|1080::8:800:200C:417A|5282|', { family: 2, host: '1080::8:800:200C:417A', port: 5282 }],
    ['!2!::ffff:1.2.3.4!5282!', { family: 2, host: '::ffff:1.2.3.4', port: 5282 }],
    ['|2|1:2:3:4:5:6:1.2.3.4|1|', { family: 2, host: '1:2:3:4:5:6:1.2.3.4', port: 1 }],
    ['|2|::|1|', { family: 2, host: '::', port: 1 }],
    ['|2|1:2:3:4:5:6:7:8|1|', { family: 2, host: '1:2:3:4:5:6:7:8', port: 1 }],
  ])('S-20 is read with any delimiter: %s', (argument, address) => {
    expect(parseEprt(argument)).toEqual(address);
  });

  it.each(['|3|x|1|', '|0||1|', '|99999|::1|99999|'])(
    'S-20 tells an unknown family apart: %s',
    (argument) => {
      expect(() => parseEprt(argument)).toThrow(UnknownFamilyError);
    },
  );

  it.each([
    '',
    '|',
    '|1|1.2.3.4|21',
    '1|1.2.3.4|21|',
    '|1|1.2.3.4|21||',
    '||1.2.3.4|21|',
    '|x|1.2.3.4|21|',
    '|1|1.2.3|21|',
    '|1|1.2.3.400|21|',
    '|1|::1|21|',
    '|1|::ffff:1.2.3.4|21|',
    '|2|1.2.3.4|21|',
    '|2|1:2:3:4:5:6:7|21|',
    '|2|1:2:3:4:5:6:7:8:9|21|',
    '|2|1::2::3|21|',
    '|2|:::|21|',
    '|2|:1|21|',
    '|2|12345::|21|',
    '|2|1.2.3.4::|21|',
    '|2|1:2:3:4:5:6:7:1.2.3.4|21|',
    '|2|::1.2.3.256|21|',
    '|2|1:2:3:4:5:6:7::8|21|',
    '|2|fe80::1%eth0|21|',
    '|1|1.2.3.4|0|',
    '|1|1.2.3.4|65536|',
    '|1|1.2.3.4||',
    '|1|localhost|21|',
  ])('S-20 is refused when it is malformed: %s', (argument) => {
    expect(() => parseEprt(argument)).toThrow(ProtocolError);
    expect(() => parseEprt(argument)).not.toThrow(UnknownFamilyError);
  });

  it('is written as it is read', () => {
    expect(formatEprt({ host: '1.2.3.4', port: 21 })).toBe('|1|1.2.3.4|21|');
    expect(formatEprt({ host: '::ffff:1.2.3.4', port: 21 })).toBe('|1|1.2.3.4|21|');
    expect(formatEprt({ host: 'fe80::1%eth0', port: 21 })).toBe('|2|fe80::1|21|');
    expect(() => formatEprt({ host: 'localhost', port: 21 })).toThrow(ProtocolError);
    expect(() => formatEprt({ host: '::1', port: 0 })).toThrow(ProtocolError);
  });
});
