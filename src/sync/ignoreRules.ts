import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore from 'ignore';
import { foldedName } from '../remote/foldedName.ts';
import { isTemporaryName } from '../remote/temporaryName.ts';
import { ifMissing } from './systemErrors.ts';

/** What a pair leaves alone on both sides: it is neither carried over nor deleted, nor counted as missing. */
export interface IgnoreRules {
  /** @param path relative to the mapped folder, with `/` */
  ignores(path: string, isFolder: boolean): boolean;
}

/** The file in a mapped folder that lists what is left alone, in the syntax of gitignore. */
const ignoreFile = '.ftpsignore';

/** What is about this computer: it travels only where a rule brings it back, such as `!.vscode`. */
const aboutThisComputer = ['.git', '.vscode', ignoreFile];

/** @param patterns in the syntax of gitignore; later ones win */
export function ignoreRules(patterns: readonly string[]): IgnoreRules {
  const rules = ignore().add(aboutThisComputer).add(patterns);
  return {
    ignores(path, isFolder) {
      if (path.split('/').some(isTemporaryName)) return true;
      return rules.ignores(isFolder ? `${path}/` : path);
    },
  };
}

/**
 * The rules of a setting, and behind them those of the file in the folder.
 * @param apart what belongs to other pairs, with all below it: no rule brings it back
 */
export async function readIgnoreRules(
  localFolder: string,
  patterns: readonly string[],
  apart: readonly string[] = [],
): Promise<IgnoreRules> {
  const text = await readFile(join(localFolder, ignoreFile), 'utf8').catch(ifMissing(''));
  const rules = ignoreRules([...patterns, ...text.split(/\r?\n/)]);
  if (apart.length === 0) return rules;
  const places = apart.map(foldedName);
  return { ignores: (path, isFolder) => liesInAny(places, path) || rules.ignores(path, isFolder) };
}

/** Whether a path belongs to another pair. Where the disk takes names for the same, the settings may spell another one. */
export function liesApart(path: string, apart: readonly string[]): boolean {
  return liesInAny(apart.map(foldedName), path);
}

/** @param places folded */
function liesInAny(places: readonly string[], path: string): boolean {
  const folded = foldedName(path);
  return places.some((place) => folded === place || folded.startsWith(`${place}/`));
}
