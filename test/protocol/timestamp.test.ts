import { describe, expect, it } from 'vitest';
import { ProtocolError } from '../../src/protocol/errors.ts';
import { formatTimestamp, parseTimestamp } from '../../src/protocol/timestamp.ts';

describe('parseTimestamp', () => {
  it.each([
    ['20240102030405', Date.UTC(2024, 0, 2, 3, 4, 5)],
    [' 20240102030405 ', Date.UTC(2024, 0, 2, 3, 4, 5)],
    ['20240102030405.6', Date.UTC(2024, 0, 2, 3, 4, 5, 600)],
    ['20240102030405.06', Date.UTC(2024, 0, 2, 3, 4, 5, 60)],
    ['20240102030405.123999999999', Date.UTC(2024, 0, 2, 3, 4, 5, 123)],
    ['20240229235959', Date.UTC(2024, 1, 29, 23, 59, 59)],
    ['19700101000000', 0],
    ['19691231235959', -1000],
    ['20161231235960', Date.UTC(2016, 11, 31, 23, 59, 59)],
    ['191000102030405', Date.UTC(2000, 0, 2, 3, 4, 5)],
    ['191240102030405.5', Date.UTC(2024, 0, 2, 3, 4, 5, 500)],
  ])('C-43 reads %j', (text, time) => {
    expect(parseTimestamp(text)).toBe(time);
  });

  it.each([
    '',
    '2024',
    '2024010203040',
    '202401020304056',
    '20241302030405',
    '20240002030405',
    '20240100030405',
    '20240230030405',
    '20230229030405',
    '20240102240405',
    '20240102036005',
    '20240102030461',
    '20240102030405.',
    '20240102030405,5',
    '20240102030405Z',
    '00500102030405',
    'x0240102030405',
    '２0240102030405',
  ])('C-43 refuses %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });
});

describe('formatTimestamp', () => {
  it('C-43 writes UTC, rounded down', () => {
    const time = Date.UTC(2024, 0, 2, 3, 4, 5, 999);
    expect(formatTimestamp(time)).toBe('20240102030405');
    expect(formatTimestamp(time, 'millisecond')).toBe('20240102030405.999');
    expect(formatTimestamp(-1)).toBe('19691231235959');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Date.UTC(10_000, 0, 1), -1e14])(
    'C-43 does not write %d, which has no year of four digits',
    (time) => {
      expect(() => formatTimestamp(time)).toThrow(ProtocolError);
    },
  );
});
