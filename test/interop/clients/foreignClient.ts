export type DataMode = 'passive' | 'active';

export interface Target {
  readonly security: 'explicit' | 'implicit';
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  readonly mode: DataMode;
  readonly port: number;
  /** The only authority that the client shall trust. */
  readonly caFile: string;
}

/** An FTPS client that nobody here wrote; the server is at 127.0.0.1, the user anna, the password secret. */
export interface ForeignClient {
  readonly name: string;
  /** Resumes the control connection's TLS session on data connections. */
  readonly resumes: boolean;
  /** The ways it knows to come by a data connection. */
  readonly modes: readonly DataMode[];
  /** May leave a data connection in the middle of the TLS handshake when there is nothing to upload. */
  readonly breaksOffEmptyUploads?: boolean;
  /** The names in the root folder. */
  list(target: Target): Promise<string[]>;
  fetch(target: Target, name: string, localFile: string): Promise<void>;
  store(target: Target, localFile: string, name: string): Promise<void>;
  /** Completes a local file that holds the beginning. */
  continueFetch(target: Target, name: string, localFile: string): Promise<void>;
  /** Completes a remote file that holds the beginning. */
  continueStore(target: Target, localFile: string, name: string): Promise<void>;
}
