import { open } from 'node:fs/promises';
import type { UploadSource } from '../client/sendAll.ts';

/**
 * Bytes that are read at once: a file has two such blocks in memory, whatever its size. They stay in the processor's cache
 * from the disk to the socket; larger blocks are read with less effort, and taken more slowly by the servers.
 */
const blockBytes = 64 * 1024;

/** What is to be saved; it can be read more than once, because a save may need a second way. */
export interface SaveSource {
  open(): UploadSource;
  /** Present where the content exists nowhere but in memory. */
  readonly content?: Uint8Array;
}

export function contentSource(content: Uint8Array): SaveSource {
  return { content, open: () => new Blocks(justOne(content)) };
}

/** A block is valid until the next one is asked for. */
export function fileSource(localFile: string): SaveSource {
  return { open: () => new Blocks(blocksOf(localFile)) };
}

class Blocks implements UploadSource {
  readonly #blocks: AsyncGenerator<Uint8Array>;
  #isAsked = false;

  constructor(blocks: AsyncGenerator<Uint8Array>) {
    this.#blocks = blocks;
  }

  get readableDidRead(): boolean {
    return this.#isAsked;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    this.#isAsked = true;
    return this.#blocks;
  }

  destroy(): void {
    this.#blocks.return(undefined).catch(() => {});
  }
}

async function* justOne(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

/** One block is read while the other is with the caller. */
async function* blocksOf(localFile: string): AsyncGenerator<Uint8Array> {
  // Closing waits for what is still being read.
  await using file = await open(localFile);
  const read = async (block: Buffer): Promise<Buffer> => {
    const { bytesRead } = await file.read(block, 0, block.length, null);
    return block.subarray(0, bytesRead);
  };
  const blocks = [Buffer.allocUnsafeSlow(blockBytes), Buffer.allocUnsafeSlow(blockBytes)] as const;
  let [free, taken] = blocks;
  for (let filled = await read(free); filled.length > 0; ) {
    [free, taken] = [taken, free];
    const next = read(free);
    next.catch(() => {});
    yield filled;
    filled = await next;
  }
}
