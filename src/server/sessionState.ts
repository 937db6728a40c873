/** What a session remembers between commands; REIN and AUTH make it new. */
export interface SessionState {
  user: string | undefined;
  loggedIn: boolean;
  directory: string;
  /** ASCII or image. */
  type: 'A' | 'I';
  /** Offset in bytes for the next transfer. */
  restart: number;
  renameFrom: string | undefined;
  bufferSizeAgreed: boolean;
  protection: 'C' | 'P';
  /** After EPSV ALL no other way to agree on a data connection is allowed. */
  onlyEpsv: boolean;
  /** Of MLSD and MLST, as OPTS MLST chose. */
  facts: readonly string[];
  /** Of HASH, as OPTS HASH chose. */
  hash: string;
}

/** All facts that MLSD and MLST can tell. RFC 3659 §7.5 */
export const allFacts: readonly string[] = [
  'type',
  'size',
  'modify',
  'perm',
  'unique',
  'UNIX.mode',
  'UNIX.owner',
  'UNIX.group',
];

/** What HASH can use. */
export const hashAlgorithms: readonly string[] = ['SHA-256', 'SHA-512', 'SHA-1', 'MD5'];

/** S-1: a session that began with TLS is as if AUTH TLS, PBSZ 0 and PROT P had been sent. */
export function newState(implicit: boolean): SessionState {
  return {
    user: undefined,
    loggedIn: false,
    directory: '/',
    type: 'A',
    restart: 0,
    renameFrom: undefined,
    bufferSizeAgreed: implicit,
    protection: implicit ? 'P' : 'C',
    onlyEpsv: false,
    facts: allFacts,
    hash: 'SHA-256',
  };
}
