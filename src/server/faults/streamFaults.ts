import { Transform } from 'node:stream';

/** Everything but the last byte. */
export function withoutLastByte(): Transform {
  let last: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = Buffer.concat([last, chunk]);
      last = bytes.subarray(-1);
      done(null, bytes.subarray(0, -1));
    },
  });
}

/** The first byte, and then nothing more, not even an end. */
export function stuckAfterFirstByte(): Transform {
  return new Transform({
    transform(chunk: Buffer) {
      this.push(chunk.subarray(0, 1));
    },
  });
}

/** Everything, but no end. */
export function endless(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, chunk);
    },
    flush() {},
  });
}
