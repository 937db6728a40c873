import { FileSystemError } from 'vscode';
import { RemoteError, type RemoteErrorKind } from '../remote/errors.ts';
import { errorText } from './errorText.ts';

/** VS Code's error for one of ours; the words stay the same. */
export function toFileSystemError(error: unknown): FileSystemError {
  if (error instanceof FileSystemError) return error;
  const kind = error instanceof RemoteError ? error.kind : 'unavailable';
  return create(kind, errorText(error));
}

function create(kind: RemoteErrorKind, message: string): FileSystemError {
  switch (kind) {
    case 'notFound':
      return FileSystemError.FileNotFound(message);
    case 'exists':
      return FileSystemError.FileExists(message);
    case 'notADirectory':
      return FileSystemError.FileNotADirectory(message);
    case 'isADirectory':
      return FileSystemError.FileIsADirectory(message);
    case 'noPermission':
      return FileSystemError.NoPermissions(message);
    case 'noSpace':
    case 'unavailable':
    case 'loginRefused':
    case 'certificate':
    case 'passphrase':
    case 'securityRefused':
    case 'conflict':
    case 'cancelled':
    case 'unsafeName':
    case 'failed':
      return FileSystemError.Unavailable(message);
  }
}
