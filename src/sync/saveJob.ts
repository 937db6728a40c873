/** A local file and where it belongs. */
export interface SaveJob {
  /** Name of the connection. */
  readonly connection: string;
  /** Whose server that was, as `user@host:port`: a name may come to mean another one. */
  readonly server: string;
  /** Absolute. */
  readonly localFile: string;
  readonly remotePath: string;
}

/** The same for the same file on the way to the same place. */
export function jobKey({ connection, server, localFile, remotePath }: SaveJob): string {
  return [connection, server, localFile, remotePath].join('\0');
}
