import { describe, expect, it } from 'vitest';
import { RecordTracker } from '../../src/server/recordTracker.ts';

function record(type: number, bytes: number): Buffer {
  return Buffer.concat([Buffer.from([type, 3, 3, bytes >> 8, bytes & 255]), Buffer.alloc(bytes, 65)]);
}

/** What is taken as TLS when the bytes come in chunks of one size. */
function taken(bytes: Buffer, chunkBytes: number): number {
  const tracker = new RecordTracker();
  let total = 0;
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    const count = tracker.take(chunk);
    total += count;
    if (count < chunk.length) break;
  }
  return total;
}

const hello = record(22, 200);
const alert12 = record(21, 26);
const alert13 = record(23, 19);
const data = record(23, 500);

describe('the boundaries of TLS records', () => {
  it.each([
    ['a TLS 1.2 close_notify and a command', Buffer.concat([hello, data, alert12]), Buffer.from('NOOP\r\n')],
    [
      'a TLS 1.3 close_notify and a command',
      Buffer.concat([hello, data, alert13]),
      Buffer.from('USER a\r\n'),
    ],
    ['a close_notify and a Telnet command', Buffer.concat([data, alert13]), Buffer.from([0xff, 0xf4])],
    ['a close_notify and a new ClientHello', Buffer.concat([data, alert12]), hello],
  ])('lie between %s, however the bytes are cut', (_case, tls, behind) => {
    const bytes = Buffer.concat([tls, behind]);
    for (let chunkBytes = 1; chunkBytes <= bytes.length; chunkBytes += 1) {
      expect(taken(bytes, chunkBytes)).toBe(tls.length);
    }
  });

  it.each([
    ['data as short as an alert, and more data', Buffer.concat([alert13, data])],
    ['a warning and a close_notify', Buffer.concat([alert13, alert13])],
    ['a handshake and data', Buffer.concat([hello, record(20, 1), record(22, 40), data])],
    ['an empty record', Buffer.concat([record(23, 0), data])],
  ])('go on after %s', (_case, bytes) => {
    for (let chunkBytes = 1; chunkBytes <= bytes.length; chunkBytes += 7) {
      expect(taken(bytes, chunkBytes)).toBe(bytes.length);
    }
  });

  it('tell when the peer has begun to speak encrypted', () => {
    const tracker = new RecordTracker();
    tracker.take(hello);
    expect(tracker.sawApplicationData).toBe(false);
    tracker.take(data.subarray(0, 5));
    expect(tracker.sawApplicationData).toBe(true);
  });
});
