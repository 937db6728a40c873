import { createHash } from 'node:crypto';

/** A local folder and the remote one that it is kept in step with. */
export interface Pair {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Absolute. */
  readonly remoteFolder: string;
  /** Absolute, in the computer's own notation. */
  readonly localFolder: string;
}

/** A name for what is remembered of a pair, as hexadecimal digits: a mapping that is changed starts afresh. */
export function pairKey({ host, port, user, remoteFolder, localFolder }: Pair): string {
  const parts = [host.toLowerCase(), String(port), user, remoteFolder, localFolder];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
