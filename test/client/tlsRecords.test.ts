import { describe, expect, it } from 'vitest';
import { TlsRecords } from '../../src/client/tlsRecords.ts';

const handshake = 22;
const data = 23;
const alert = 21;

function record(type: number, length: number): Buffer {
  return Buffer.from([type, 3, 3, length >> 8, length & 0xff, ...Array.from({ length }, () => 0x17)]);
}

/** Whether this stream ends orderly, told the same whole and byte by byte. */
function endsOrderly(bytes: Buffer): boolean {
  const whole = new TlsRecords();
  whole.observe(bytes);
  const piecemeal = new TlsRecords();
  for (const byte of bytes) piecemeal.observe(Buffer.from([byte]));
  expect(piecemeal.endedOrderly).toBe(whole.endedOrderly);
  return whole.endedOrderly;
}

describe('a stream of TLS records', () => {
  it.each<[string, Buffer[], boolean]>([
    ['nothing at all', [], false],
    ['an alert of TLS 1.2', [record(handshake, 300), record(data, 700), record(alert, 26)], true],
    ['an alert of TLS 1.3, which travels as data', [record(data, 300), record(data, 19)], true],
    ['data', [record(data, 19), record(data, 20)], false],
    ['data of no bytes', [record(data, 0)], false],
    ['half an alert', [record(data, 300), record(alert, 26).subarray(0, 30)], false],
    ['half a header', [record(alert, 26), record(data, 19).subarray(0, 3)], false],
    ['a header alone', [record(alert, 26), record(data, 19).subarray(0, 5)], false],
  ])('C-38: that ends with %s', (_, records, orderly) => {
    expect(endsOrderly(Buffer.concat(records))).toBe(orderly);
  });

  it('C-55: is told from a reply in clear by its first byte', () => {
    const [tls, clear] = [new TlsRecords(), new TlsRecords()];
    tls.observe(record(handshake, 9));
    clear.observe(Buffer.from('500 OOPS\r\n'));
    expect([tls.looksClear, clear.looksClear]).toEqual([false, true]);
  });

  it.each([
    ['an alert of TLS 1.2', alert, 26],
    ['an alert of TLS 1.3', data, 19],
  ])('ends where clear text follows %s', (_, type, length) => {
    const tls = Buffer.concat([record(data, 3), record(type, length)]);
    const records = new TlsRecords();
    expect(records.observe(Buffer.concat([tls, Buffer.from('220 clear')]))).toBe(tls.length);
    expect(records.observe(Buffer.from('220 clear'))).toBe(0);
    expect(records.endedOrderly).toBe(true);
  });

  it('C-6: ends where another handshake follows, once it may', () => {
    const bytes = Buffer.concat([record(alert, 26), record(handshake, 300)]);
    expect(new TlsRecords().observe(bytes)).toBe(bytes.length);
    expect(new TlsRecords().observe(bytes, true)).toBe(31);
  });

  it('C-55: keeps the beginning of what is no TLS, as text for people', () => {
    const piecemeal = new TlsRecords();
    for (const byte of Buffer.from(`500 OOPS: no\r\n${'x'.repeat(400)}`))
      piecemeal.observe(Buffer.from([byte]));
    expect(piecemeal.strayText).toMatch(/^500 OOPS: no {2}x{180,190}$/);
    expect(new TlsRecords().strayText).toBe('');
  });

  it('goes on where more records follow what may have been an alert', () => {
    const bytes = Buffer.concat([record(data, 19), record(data, 19), record(data, 700)]);
    const records = new TlsRecords();
    expect(records.observe(bytes)).toBe(bytes.length);
    expect(records.endedOrderly).toBe(false);
  });
});
