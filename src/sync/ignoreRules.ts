import ignore from 'ignore';
import { isTemporaryName } from '../remote/temporaryName.ts';

/** What a pair leaves alone on both sides: it is neither carried over nor deleted, nor counted as missing. */
export interface IgnoreRules {
  /** @param path relative to the mapped folder, with `/` */
  ignores(path: string, isFolder: boolean): boolean;
}

/** Folders whose content is about this computer. */
const neverCarried = new Set(['.git', '.vscode']);

/** @param patterns in the syntax of gitignore, those of the setting and those of `.ftpsignore` */
export function ignoreRules(patterns: readonly string[]): IgnoreRules {
  const rules = ignore().add(patterns);
  return {
    ignores(path, isFolder) {
      const names = path.split('/');
      if (names.some((name) => neverCarried.has(name.toLowerCase()) || isTemporaryName(name))) return true;
      return rules.ignores(isFolder ? `${path}/` : path);
    },
  };
}
