import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { formatHash } from '../../protocol/hash.ts';
import type { Session } from '../session.ts';
import { hashAlgorithms } from '../sessionState.ts';
import type { Answer, Command, CommandTable } from './command.ts';

/** What a file's bytes come to. draft-bryan-ftpext-hash-02, and the commands that came before it */
export const checksumCommands: CommandTable = {
  HASH: {
    needsLogin: true,
    needsArgument: true,
    run: async (session, path) => {
      const { hash: algorithm } = session.state;
      const { value, size } = await checksum(session, algorithm, path);
      return [213, formatHash({ algorithm, value, range: [0, size] }, path)];
    },
  },
  XSHA512: alone('SHA-512'),
  XSHA256: alone('SHA-256'),
  XSHA1: alone('SHA-1'),
  XMD5: alone('MD5'),
};

/** A command that tells one checksum and nothing else. */
function alone(algorithm: string): Command {
  return {
    needsLogin: true,
    needsArgument: true,
    run: async (session, path): Promise<Answer> => [250, (await checksum(session, algorithm, path)).value],
  };
}

/** OPTS HASH: tells the algorithm in use, or chooses it. */
export function chooseHash(session: Session, wanted: string): Answer {
  const algorithm = wanted === '' ? session.state.hash : wanted.toUpperCase();
  if (!hashAlgorithms.includes(algorithm)) return [504, 'That algorithm is not known.'];
  session.state.hash = algorithm;
  return [200, algorithm];
}

async function checksum(
  session: Session,
  algorithm: string,
  path: string,
): Promise<{ readonly value: string; readonly size: number }> {
  const file = session.folder.resolve(session.state.directory, path);
  await using handle = await session.folder.openToRead(file);
  const hash = createHash(algorithm.replace('-', ''));
  const source = handle.createReadStream();
  await pipeline(source, hash);
  return { value: hash.digest('hex'), size: source.bytesRead };
}
