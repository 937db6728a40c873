export const matrixServers = ['ours', 'vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib'] as const;
const matrixModes = ['explicit', 'implicit'] as const;
const matrixVersions = ['TLSv1.2', 'TLSv1.3'] as const;
export const matrixOperations = [
  'list',
  'read',
  'write',
  'append',
  'resume',
  'rename',
  'delete',
  'mkdir',
  'mdtm',
  'mfmt',
  'hash',
  'active',
  'CCC',
  'REIN',
] as const;

export type MatrixServer = (typeof matrixServers)[number];
export type MatrixOperation = (typeof matrixOperations)[number];

/** One way to have one server. */
export interface Variant {
  readonly server: MatrixServer;
  readonly security: (typeof matrixModes)[number];
  readonly tls: (typeof matrixVersions)[number];
}

/** What one operation came to, in words that stand in the table as they are. */
export interface MatrixCell {
  readonly operation: MatrixOperation;
  readonly outcome: string;
}

/** A variant with a cell for each operation, in their order. */
export interface MatrixRow extends Variant {
  readonly cells: readonly MatrixCell[];
}

/** Every variant, also those that a server cannot be had in. */
export function variants(): Variant[] {
  return matrixServers.flatMap((server) =>
    matrixModes.flatMap((security) => matrixVersions.map((tls) => ({ server, security, tls }))),
  );
}
