import type { FileHandle } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { isRefusal, RemoteError, toRemoteError } from './errors.ts';
import type { ProgressOptions } from './localFiles.ts';
import type { RemoteClient } from './remoteClient.ts';
import { replaceLocalFile } from './replaceLocalFile.ts';
import type { SessionUse } from './treePorts.ts';
import { TreeSessions } from './treeSessions.ts';

/** Bytes that a segment has at least: the server sends beyond its end before it hears that this is enough. */
const leastSegment = 16 * 1024 * 1024;
const mostSegments = 4;

/** What tells one version of a file from another. */
interface Version {
  /** Bytes. */
  readonly size: number;
  readonly modifiedAt: number;
}

interface Segment {
  /** Bytes from the start of the file. */
  readonly start: number;
  readonly length: number;
}

/**
 * Downloads a large file in several segments side by side, where the server can start in the middle of a file and tells
 * size and time, by which a file that changes meanwhile is found out. The local file appears only when it is whole.
 * @returns bytes; undefined where the file is to be downloaded as a whole
 * @throws RemoteError
 */
export async function downloadInSegments(
  sessions: SessionUse,
  path: string,
  localFile: string,
  options: ProgressOptions,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const download = new SegmentedDownload(new TreeSessions(sessions, signal), path, options, signal);
  const version = await download.version();
  const segments = version ? divided(version.size) : [];
  if (!version || segments.length < 2) return undefined;
  const fill = async (file: FileHandle): Promise<number | undefined> =>
    (await download.into(file, segments, version)) ? version.size : undefined;
  try {
    return await replaceLocalFile(localFile, fill);
  } catch (error) {
    throw toRemoteError(error, path, 'download');
  }
}

class SegmentedDownload {
  readonly #sessions: TreeSessions;
  readonly #path: string;
  readonly #options: ProgressOptions;
  readonly #signal: AbortSignal | undefined;

  constructor(sessions: TreeSessions, path: string, options: ProgressOptions, signal?: AbortSignal) {
    this.#sessions = sessions;
    this.#path = path;
    this.#options = options;
    this.#signal = signal;
  }

  /** Undefined where the server cannot tell, or cannot start in the middle. */
  version(): Promise<Version | undefined> {
    return this.#use(async (client) => {
      if (!client.features.has('REST')) return undefined;
      const [size, modifiedAt] = await Promise.all([
        client.size(this.#path, this.#signal),
        client.modifiedAt(this.#path, this.#signal),
      ]);
      return size === undefined || modifiedAt === undefined ? undefined : { size, modifiedAt };
    });
  }

  /** @returns whether the file now holds that version, and no other in any part */
  async into(file: FileHandle, segments: readonly Segment[], version: Version): Promise<boolean> {
    const moved = segments.map(() => 0);
    const results = await Promise.allSettled(
      segments.map((segment, index) => {
        const onProgress = (bytes: number): void => {
          moved[index] = Math.min(bytes, segment.length);
          this.#options.onProgress?.(moved.reduce((sum, part) => sum + part, 0));
        };
        return this.#use((client) => this.#retrieve(client, file, segment, onProgress));
      }),
    );
    const failure = results.find((result) => result.status === 'rejected');
    // A server that does not do after all what it said it could is asked for the whole.
    if (failure && !(failure.reason instanceof RemoteError && isRefusal(failure.reason.cause)))
      throw failure.reason;
    if (failure) return false;
    const now = await this.version();
    return now?.size === version.size && now.modifiedAt === version.modifiedAt;
  }

  async #retrieve(
    client: RemoteClient,
    file: FileHandle,
    segment: Segment,
    onProgress: (bytes: number) => void,
  ): Promise<void> {
    const sink = new SegmentSink(file, segment);
    try {
      await client.retrieve(this.#path, sink, { offset: segment.start, onProgress }, this.#signal);
    } catch (error) {
      if (!sink.isFull) throw error;
    }
    if (sink.isFull) return;
    const message = `Cannot read ${this.#path}. Part of it did not arrive. Try again.`;
    throw new RemoteError('unavailable', this.#path, message, { retryable: true });
  }

  #use<Result>(act: (client: RemoteClient) => Promise<Result>): Promise<Result> {
    return this.#sessions.use({ path: this.#path, operation: 'download' }, act);
  }
}

/** Takes what belongs to the segment, and then ends the transfer by an error. */
class SegmentSink extends Writable {
  readonly #file: FileHandle;
  readonly #segment: Segment;
  #written = 0;

  constructor(file: FileHandle, segment: Segment) {
    super();
    this.#file = file;
    this.#segment = segment;
  }

  get isFull(): boolean {
    return this.#written === this.#segment.length;
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    void this.#take(chunk, done);
  }

  async #take(chunk: Uint8Array, done: (error: Error | null) => void): Promise<void> {
    const part = chunk.subarray(0, this.#segment.length - this.#written);
    let failure = part.length < chunk.length ? new Error('The segment is whole.') : null;
    try {
      await this.#put(part);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    done(failure);
  }

  async #put(part: Uint8Array): Promise<void> {
    for (let done = 0; done < part.length; ) {
      const place = this.#segment.start + this.#written;
      const { bytesWritten } = await this.#file.write(part, done, part.length - done, place);
      done += bytesWritten;
      this.#written += bytesWritten;
    }
  }
}

function divided(size: number): Segment[] {
  const count = Math.min(mostSegments, Math.floor(size / leastSegment));
  const length = Math.ceil(size / Math.max(1, count));
  return Array.from({ length: count }, (_, index) => {
    const start = index * length;
    return { start, length: Math.min(length, size - start) };
  });
}
