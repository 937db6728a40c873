import { Transform } from 'node:stream';

const CR = 13;
const LF = 10;

/** From the file's line ends to those of the wire: each LF without a CR gets one. RFC 959 §3.1.1.1 */
export function toWire(): Transform {
  let previous = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const parts: Buffer[] = [];
      let from = 0;
      for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
        const before = at > 0 ? chunk[at - 1] : previous;
        if (before === CR) continue;
        parts.push(chunk.subarray(from, at), Buffer.of(CR));
        from = at;
      }
      parts.push(chunk.subarray(from));
      previous = chunk.at(-1) ?? previous;
      done(null, Buffer.concat(parts));
    },
  });
}

/** From the wire's line ends to those of the file: each CR LF becomes LF, any other CR stays. */
export function fromWire(): Transform {
  let pending = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = pending ? Buffer.concat([Buffer.of(CR), chunk]) : chunk;
      pending = bytes.at(-1) === CR;
      const end = pending ? bytes.length - 1 : bytes.length;
      const parts: Buffer[] = [];
      let from = 0;
      for (let at = bytes.indexOf('\r\n'); at >= 0; at = bytes.indexOf('\r\n', at + 2)) {
        parts.push(bytes.subarray(from, at));
        from = at + 1;
      }
      parts.push(bytes.subarray(from, end));
      done(null, Buffer.concat(parts));
    },
    flush(done) {
      done(null, pending ? Buffer.of(CR) : undefined);
    },
  });
}
