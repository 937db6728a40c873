import { createHash } from 'node:crypto';
import type { RemoteHash } from '../client/fileHash.ts';
import type { UploadedFile } from '../client/moveVerified.ts';
import { digestOf } from './contentDigest.ts';
import { RemoteError } from './errors.ts';

/** Largest content, in bytes, whose hash is asked for: the server reads the file once more for it. */
const mostHashed = 1024 * 1024;

/** What was sent, to be compared with what the server has. */
export interface Sent {
  readonly bytes: number;
  /** Present where the content is in memory. */
  readonly content: Uint8Array | undefined;
}

export function isWorthHashing({ content }: Sent): boolean {
  return content !== undefined && content.length <= mostHashed;
}

/**
 * Compares an upload with what the server tells of it, for a 226 alone proves nothing: a server may have stored less
 * than was sent, or something else. What the server does not tell is no objection.
 * @throws RemoteError `unavailable`
 */
export function requireWhole(path: string, sent: Sent, { facts, hash }: UploadedFile): void {
  const stored = facts?.size;
  if (stored !== undefined && stored !== sent.bytes) throw differs(path, `${stored} of ${sent.bytes} bytes`);
  if (hash && sent.content && differsBy(hash, sent.content)) {
    throw differs(path, `${sent.bytes} bytes that are not those that were sent`);
  }
}

function differsBy(hash: RemoteHash, content: Uint8Array): boolean {
  const known = digestOf(hash);
  return known !== undefined && createHash(known.algorithm).update(content).digest('hex') !== known.digest;
}

function differs(path: string, what: string): RemoteError {
  const message = `Cannot save ${path}. The server stored ${what}. The old file is untouched: try again.`;
  return new RemoteError('unavailable', path, message, { retryable: true });
}
