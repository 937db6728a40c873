/** A change as the public API of VS Code's git extension tells it; addresses by their path on the disk. */
export interface GitChange {
  readonly uri: { readonly fsPath: string };
  readonly originalUri: { readonly fsPath: string };
}

/** What has become of files since a commit. */
export interface GitFiles {
  /** Files that are there. */
  readonly present: readonly string[];
  /** Files that are there no more, under that name. */
  readonly gone: readonly string[];
}

/** Told by the disk alone, since that is what would be uploaded; of what was renamed the old name is gone. */
export async function gitFiles(
  changes: readonly GitChange[],
  isFile: (path: string) => Promise<boolean>,
): Promise<GitFiles> {
  const paths = new Set(changes.flatMap(({ uri, originalUri }) => [uri.fsPath, originalUri.fsPath]));
  const present: string[] = [];
  const gone: string[] = [];
  for (const path of [...paths].toSorted((a, b) => (a < b ? -1 : 1))) {
    if (await isFile(path)) present.push(path);
    else gone.push(path);
  }
  return { present, gone };
}
