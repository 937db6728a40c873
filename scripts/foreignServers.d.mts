export interface ForeignAccount {
  readonly user: string;
  readonly password: string;
  /** The password as crypt(3) keeps it. */
  readonly hash: string;
  readonly uid: number;
  readonly gid: number;
}

export interface ForeignPaths {
  readonly folder: string;
  readonly vsftpd: string;
  readonly proftpd: string;
  readonly proftpdModules: string;
  readonly pureFtpd: string;
  readonly purePw: string;
  readonly python: string;
  readonly pythonPath: string;
  /** For LD_LIBRARY_PATH. */
  readonly libraryPath: string;
  readonly pamService: string;
  readonly account: ForeignAccount;
}

export function ensureForeignServers(options?: { log?: (line: string) => void }): Promise<ForeignPaths>;
