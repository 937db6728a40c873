import { ProtocolError } from './errors.ts';
import type { Features } from './features.ts';
import type { Reply } from './reply.ts';

/** What a server tells of the bytes of a file, to be compared with one's own. */
export interface FileHash {
  /** By its name in HASH, such as "SHA-256", in upper case. */
  readonly algorithm: string;
  /** Hexadecimal, in lower case. */
  readonly value: string;
  /** The bytes that were hashed, where the server tells them. Servers differ in whether the end is the last byte. */
  readonly range?: readonly [start: number, end: number];
}

interface HashAlgorithms {
  /** In upper case, in the server's order; none where it has no HASH. */
  readonly offered: readonly string[];
  /** The one that HASH uses until OPTS HASH chooses another. */
  readonly selected: string | undefined;
}

/** Reads the feature "HASH SHA-256*;SHA-1;MD5". draft-bryan-ftpext-hash-02 §4 */
export function hashAlgorithms(features: Features): HashAlgorithms {
  const told = features.parameters('HASH');
  return {
    offered: told.map((algorithm) => algorithm.replace(/\*$/, '')),
    selected: told.find((algorithm) => algorithm.endsWith('*'))?.slice(0, -1),
  };
}

/** The feature of a server, which formatFeatures takes: "HASH SHA-256*;SHA-1". */
export function formatHashFeature(offered: readonly string[], selected: string): string {
  return `HASH ${offered.map((algorithm) => (algorithm === selected ? `${algorithm}*` : algorithm)).join(';')}`;
}

const hashForm =
  /^(?:213-)? ?(?<algorithm>[A-Z][\w/-]{1,30}) (?:(?<start>\d{1,15})-(?<end>\d{1,15}) )?(?<value>(?:[\da-f]{2}){4,128})(?: .*)?$/is;

/**
 * Reads the answer to HASH: "213 SHA-256 0-49 169cd2… name". Earlier drafts have no range, some servers no name.
 * draft-bryan-ftpext-hash-02 §3
 * @throws ProtocolError
 */
export function parseHash(reply: Reply): FileHash {
  const lines = reply.code === 213 ? reply.lines : [];
  const found = lines.map((line) => hashForm.exec(line)?.groups).find((groups) => groups !== undefined);
  if (found === undefined) throw new ProtocolError('the reply to HASH tells no hash');
  return {
    algorithm: `${found['algorithm']}`.toUpperCase(),
    value: `${found['value']}`.toLowerCase(),
    ...(found['start'] !== undefined && { range: [Number(found['start']), Number(found['end'])] }),
  };
}

/** The text of a 213, the answer to HASH. The value is hexadecimal. */
export function formatHash(hash: FileHash, name: string): string {
  const range = hash.range === undefined ? '' : `${hash.range.join('-')} `;
  return `${hash.algorithm} ${range}${hash.value} ${name}`;
}

/** The commands that give one checksum each, best first. None of them is specified. */
export const checksumCommands = ['XSHA512', 'XSHA256', 'XSHA1', 'XSHA', 'XMD5', 'MD5', 'XCRC'] as const;

export type ChecksumCommand = (typeof checksumCommands)[number];

const checksums: Readonly<Record<ChecksumCommand, { readonly algorithm: string; readonly digits: number }>> =
  {
    XSHA512: { algorithm: 'SHA-512', digits: 128 },
    XSHA256: { algorithm: 'SHA-256', digits: 64 },
    XSHA1: { algorithm: 'SHA-1', digits: 40 },
    XSHA: { algorithm: 'SHA-1', digits: 40 },
    XMD5: { algorithm: 'MD5', digits: 32 },
    MD5: { algorithm: 'MD5', digits: 32 },
    XCRC: { algorithm: 'CRC32', digits: 8 },
  };

/**
 * Reads the answer to such a command, wherever in it the checksum stands: bare, in quotes, behind the name in quotes,
 * or in the last line of several. A CRC may lack its leading zeros where it stands alone.
 * @throws ProtocolError where there is none, or more than one
 */
export function parseChecksum(command: ChecksumCommand, reply: Reply): FileHash {
  const { algorithm, digits } = checksums[command];
  const texts = [213, 250, 251].includes(reply.code) ? reply.lines.map((line) => line.trim()) : [];
  const alone = command === 'XCRC' ? texts.filter((text) => /^[\da-f]{1,8}$/i.test(text)) : [];
  const word = new RegExp(`(?<![^\\s=:"])[\\da-f]{${digits}}(?![^\\s=:"])`, 'gi');
  // A name in quotes may look like a checksum, so what stands outside of them comes first.
  const outsideQuotes = texts.map((text) => text.replaceAll(/"[^"]*"/g, ' '));
  const found = [alone.map((text) => text.padStart(digits, '0')), outsideQuotes, texts]
    .map((lines) => lines.join('\n').match(word))
    .find((words) => words !== null);
  const [value, another] = new Set(found?.map((text) => text.toLowerCase()));
  if (value === undefined || another !== undefined) {
    throw new ProtocolError(`the reply to ${command} tells no checksum, or more than one`);
  }
  return { algorithm, value };
}
