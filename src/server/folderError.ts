/** A path that the server refuses, with the reply that says so. */
export class FolderError extends Error {
  readonly code: number;

  constructor(code: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FolderError';
    this.code = code;
  }
}

const REPLIES: Readonly<Record<string, readonly [code: number, text: string]>> = {
  ENOENT: [550, 'No such file or directory.'],
  ENOTDIR: [550, 'Not a directory.'],
  ENXIO: [550, 'Not a file.'],
  EISDIR: [550, 'Is a directory.'],
  EEXIST: [550, 'The file exists.'],
  ENOTEMPTY: [550, 'The directory is not empty.'],
  EACCES: [550, 'Permission denied.'],
  EPERM: [550, 'Permission denied.'],
  ELOOP: [550, 'Too many symbolic links.'],
  ENAMETOOLONG: [553, 'The name is too long.'],
  EINVAL: [553, 'The name is not allowed.'],
  EBUSY: [450, 'The file is busy.'],
  EMFILE: [450, 'Too many open files.'],
  ENFILE: [450, 'Too many open files.'],
  ENOSPC: [452, 'No space left.'],
  EDQUOT: [452, 'No space left.'],
};

/** The reply to a failed file operation; never the server's own path. */
export function replyToFailure(error: unknown): readonly [code: number, text: string] {
  if (error instanceof FolderError) return [error.code, error.message];
  return REPLIES[errorCode(error)] ?? [451, 'The file system failed.'];
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
