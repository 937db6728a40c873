import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { Features, formatFeatures } from '../../src/protocol/features.ts';
import {
  checksumCommands,
  formatHash,
  formatHashFeature,
  hashAlgorithms,
  parseChecksum,
  parseHash,
} from '../../src/protocol/hash.ts';

const sha1 = '85c7c35f151659b612c67ed74c4760a78d89f4c8';
const md5 = 'fcb217f0a094ad05f572e3678615b9d1';
const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('HASH', () => {
  it('is offered with its algorithms, one of them selected', () => {
    const features = (line: string) => Features.parse({ code: 211, lines: formatFeatures([line]) });
    expect(hashAlgorithms(features('HASH SHA-256*;SHA-1;MD5'))).toEqual({
      offered: ['SHA-256', 'SHA-1', 'MD5'],
      selected: 'SHA-256',
    });
    expect(hashAlgorithms(features('hash crc32;sha-512*;'))).toEqual({
      offered: ['CRC32', 'SHA-512'],
      selected: 'SHA-512',
    });
    expect(hashAlgorithms(features('HASH'))).toEqual({ offered: [], selected: undefined });
    expect(hashAlgorithms(Features.none)).toEqual({ offered: [], selected: undefined });
    expect(formatHashFeature(['SHA-256', 'SHA-1'], 'SHA-256')).toBe('HASH SHA-256*;SHA-1');
  });

  it.each([
    [
      'the draft',
      'SHA-256 0-49 169cd22282da7f147cb491e559e9dd filename.ext',
      '169cd22282da7f147cb491e559e9dd',
      [0, 49],
    ],
    ['files.com, without name', `MD5 0-55 ${md5}`, md5, [0, 55]],
    ['an earlier draft, without range', `SHA-1 ${sha1.toUpperCase()} 0-9 ${md5}`, sha1, undefined],
  ])('is read as %s has it', (_, text, value, range) => {
    expect(parseHash({ code: 213, lines: [text] })).toEqual({
      algorithm: text.split(' ')[0],
      value,
      ...(range && { range }),
    });
  });

  it('is read from the line that tells it', () => {
    const reply = { code: 213, lines: ['Computing SHA-256 digest', `SHA-256 0-0 ${sha256} a b`] };
    expect(parseHash(reply).value).toBe(sha256);
    expect(parseHash({ code: 213, lines: ['x', `213-MD5 ${md5} a`, 'End'] }).value).toBe(md5);
  });

  it.each([
    [213, '20240102030405'],
    [213, 'SHA-256 0-49 xyz name'],
    [213, 'SHA-256 0-49 169cd name'],
    [213, `SHA-256  ${sha256}`],
    [200, `MD5 0-55 ${md5} x`],
    [550, 'No such file'],
  ])('is not read from %i %j', (code, text) => {
    expect(() => parseHash({ code, lines: [text] })).toThrow(ProtocolError);
  });

  it('is written as it is read', () => {
    const hash = { algorithm: 'SHA-256', value: sha256, range: [0, 50] } as const;
    expect(formatHash(hash, 'a b')).toBe(`SHA-256 0-50 ${sha256} a b`);
    expect(parseHash({ code: 213, lines: [formatHash(hash, 'a b')] })).toEqual(hash);
    const whole = { algorithm: 'MD5', value: md5 };
    expect(parseHash({ code: 213, lines: [formatHash(whole, '0-9')] })).toEqual(whole);
  });
});

describe('a checksum command', () => {
  it.each([
    ['bare', [sha1]],
    ['in capitals', [sha1.toUpperCase()]],
    ['behind its name', [`XSHA1 ${sha1}`]],
    ['behind an equals sign', [`SHA1=${sha1}`]],
    ['behind the name in quotes', [`"${sha1}.txt" ${sha1}`]],
    ['behind a name that looks like another', [`"${sha1.replaceAll('8', '9')}" ${sha1}`]],
    ['in quotes', [`"${sha1}"`]],
    ['in the last line, as ProFTPD has it', ['Computing SHA1 digest', sha1.toUpperCase()]],
    ['twice', [`250-${sha1}`, sha1]],
  ])('is understood with its checksum %s', (_, lines) => {
    const expected = { algorithm: 'SHA-1', value: sha1 };
    expect(parseChecksum('XSHA1', { code: 250, lines })).toEqual(expected);
    expect(parseChecksum('XSHA', { code: 213, lines })).toEqual(expected);
  });

  it('tells a CRC without its leading zeros only where it stands alone', () => {
    expect(parseChecksum('XCRC', { code: 250, lines: ['1A2B'] })).toEqual({
      algorithm: 'CRC32',
      value: '00001a2b',
    });
    expect(parseChecksum('XCRC', { code: 250, lines: ['CRC 89abcdef'] }).value).toBe('89abcdef');
    expect(() => parseChecksum('XCRC', { code: 250, lines: ['1A2B of x'] })).toThrow(ProtocolError);
  });

  it.each([
    [250, 'done'],
    [250, md5],
    [250, `${sha1} ${sha1.replaceAll('8', '9')}`],
    [250, `${sha1}0`],
    [550, sha1],
  ])('is not understood by %i %j', (code, text) => {
    expect(() => parseChecksum('XSHA1', { code, lines: [text] })).toThrow(ProtocolError);
  });

  it('is preferred by its strength', () => {
    expect(checksumCommands[0]).toBe('XSHA512');
    expect(checksumCommands.at(-1)).toBe('XCRC');
  });
});
