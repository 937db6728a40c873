import { RemoteError } from '../remote/errors.ts';
import type { SaveJob } from './saveJob.ts';

/** What happened on the server to a file that was saved here. */
export type ConflictKind = 'changed' | 'deleted' | 'neverCompared';

/** @param found what the server has, and whether it and the saved file were ever in step */
export function conflictKind(found: {
  readonly remote: object | undefined;
  readonly wasInStep: boolean;
}): ConflictKind {
  if (!found.remote) return 'deleted';
  return found.wasInStep ? 'changed' : 'neverCompared';
}

/** Somebody else has changed the file on the server: the user decides. */
export class SaveConflict extends RemoteError {
  readonly conflict: ConflictKind;

  constructor(path: string, conflict: ConflictKind) {
    super('conflict', path, conflictText[conflict]);
    this.conflict = conflict;
  }
}

const conflictText: Readonly<Record<ConflictKind, string>> = {
  changed: 'It was changed on the server since it was last in step.',
  deleted: 'It was deleted on the server since it was last in step.',
  neverCompared: 'The server has another file of this name, which was never compared with this one.',
};

/** The file is no longer on this computer, so there is nothing to send. */
export class LocalFileGone extends RemoteError {
  constructor({ remotePath, localFile }: SaveJob) {
    super('notFound', remotePath, `${localFile} is no longer on this computer, so there is nothing to send.`);
  }
}

/** Why a file could not be sent: `away` alone is tried again by itself. */
export type FailureReason = 'away' | 'conflict' | 'gone' | 'refused';

export function failureReason(error: RemoteError): FailureReason {
  if (error instanceof SaveConflict) return 'conflict';
  if (error instanceof LocalFileGone) return 'gone';
  const comesBack = error.retryable || error.kind === 'unavailable' || error.kind === 'cancelled';
  return comesBack ? 'away' : 'refused';
}
