import { errorText } from './errorText.ts';

/** An upload on save that did not succeed. */
export interface FailedUpload {
  /** Tells uploads apart: what is uploaded, and where to. */
  readonly key: string;
  /** The file's name without its folder. */
  readonly name: string;
  readonly error: unknown;
  readonly retry: () => void;
}

/** One sentence for all that failed since the last message, however many there are. */
export function failedUploadsText(failed: readonly FailedUpload[]): string {
  const [first, second] = failed;
  if (!first) return '';
  const reason = errorText(first.error);
  if (!second) return `${first.name} was not uploaded. ${reason}`;
  const others = failed.length - 1;
  return `${first.name} and ${others === 1 ? second.name : `${others} other files`} were not uploaded. ${reason}`;
}
