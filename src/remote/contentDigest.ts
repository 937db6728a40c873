import type { RemoteHash } from '../client/fileHash.ts';

/** A checksum of a content, by the name that `node:crypto` has for its algorithm. */
export interface ContentDigest {
  readonly algorithm: string;
  /** Hexadecimal, in lower case. */
  readonly digest: string;
}

/** By their names in HASH. Two contents of one size may well have the same CRC. */
const algorithms: ReadonlyMap<string, string> = new Map([
  ['SHA-256', 'sha256'],
  ['SHA-512', 'sha512'],
  ['SHA-1', 'sha1'],
  ['MD5', 'md5'],
]);

/** @returns undefined for a checksum that is not known here, or is none to rely on */
export function digestOf(told: RemoteHash): ContentDigest | undefined {
  const algorithm = algorithms.get(told.algorithm);
  return algorithm === undefined ? undefined : { algorithm, digest: told.digest };
}
