import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';

/** Small enough for progress to be told, large enough to cost nothing. */
const sliceBytes = 65_536;

/** What is to be saved; it can be read more than once, because a save may need a second way. */
export interface SaveSource {
  open(): Readable;
  /** Present where the content exists nowhere but in memory. */
  readonly content?: Uint8Array;
}

export function contentSource(content: Uint8Array): SaveSource {
  return { content, open: () => Readable.from(slices(content), { objectMode: false }) };
}

function* slices(content: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < content.length; start += sliceBytes) {
    yield content.subarray(start, start + sliceBytes);
  }
}

export function fileSource(localFile: string): SaveSource {
  return { open: () => createReadStream(localFile) };
}
