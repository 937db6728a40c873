import {
  type ChecksumCommand,
  checksumCommands,
  hashAlgorithms,
  parseChecksum,
  parseHash,
} from '../protocol/hash.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Reply } from '../protocol/reply.ts';
import { unlessEnded } from './errors.ts';
import type { Session } from './session.ts';

/** What the server computes of a file's bytes. */
export interface RemoteHash {
  /** `SHA-256`, `MD5`, `CRC32` and the like. */
  readonly algorithm: string;
  /** Hexadecimal, in lower case. */
  readonly digest: string;
}

/** Best first. A checksum against accidents is all that is asked for, so MD5 will do where there is nothing else. */
const preference = ['SHA-256', 'SHA-512', 'SHA-1', 'MD5', 'CRC32'];

/** By HASH, or else the best X… command that FEAT lists. @returns undefined when the server tells none */
export async function hashFile(session: Session, path: string): Promise<RemoteHash | undefined> {
  if (session.features.has('HASH')) return askHash(session, path);
  const command = checksumCommands.find((name) => session.features.has(name));
  return command && askChecksum(session, command, path);
}

async function askHash(session: Session, path: string): Promise<RemoteHash | undefined> {
  const { control, features } = session;
  control.check('HASH', path);
  const { offered, selected } = hashAlgorithms(features);
  const wanted = preference.find((algorithm) => offered.includes(algorithm));
  if (wanted !== undefined && wanted !== (session.selectedHash ?? selected)) {
    // Whether or not it is chosen: the answer to HASH, which leaves with it, names the one that was used.
    session.selectedHash = wanted;
    control.send('OPTS', `HASH ${wanted}`).catch(() => {});
  }
  const hash = understood(unlessEnded(await control.send('HASH', path), 'HASH'), parseHash);
  return hash && { algorithm: hash.algorithm, digest: hash.value };
}

async function askChecksum(
  { control }: Session,
  command: ChecksumCommand,
  path: string,
): Promise<RemoteHash | undefined> {
  const told = unlessEnded(await control.send(command, path), command);
  const hash = understood(told, (reply) => parseChecksum(command, reply));
  return hash && { algorithm: hash.algorithm, digest: hash.value };
}

/** A server that answers in words of its own tells no hash; that is no reason to fail. */
function understood<T>(reply: Reply, read: (reply: Reply) => T): T | undefined {
  try {
    return read(reply);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
