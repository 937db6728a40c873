import type { UndecidedFile } from './activeProfile.ts';

/** What is said of a local change that is carried nowhere until a connection is chosen. */
export function undecidedText({ localFile, isGone }: UndecidedFile): string {
  const name = localFile.slice(Math.max(localFile.lastIndexOf('/'), localFile.lastIndexOf('\\')) + 1);
  const what = isGone ? 'was deleted here, and on no server' : 'was not uploaded';
  return `${name} ${what}: several connections map it, and none of them is the active one.`;
}
