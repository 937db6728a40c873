import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

export interface SourceFile {
  /** Under src, with slashes. */
  readonly path: string;
  readonly text: string;
}

export const repository = join(import.meta.dirname, '../..');

/** All files under src. */
export function sourceFiles(): SourceFile[] {
  const source = join(repository, 'src');
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      return {
        path: file
          .slice(source.length + 1)
          .split(sep)
          .join('/'),
        text: readFileSync(file, 'utf8'),
      };
    });
}
