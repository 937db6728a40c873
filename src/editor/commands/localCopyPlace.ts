import { applyEdits, modify } from 'jsonc-parser';
import { isWithin, pathWithin } from '../../sync/placeIn.ts';
import { type WriteLevel, writeLevels } from '../profileLevels.ts';
import type { StoredProfile } from '../profileStore.ts';
import { type LocalFolder, mappedFolders } from '../uploadTargets.ts';

/** Where the mapping of a local copy is written. */
export type MappingPlace =
  /** To the settings of this workspace; `local` counts from the folder in which they count. */
  | { readonly kind: 'workspace'; readonly level: WriteLevel; readonly local: string }
  /** To settings of the copy's own, which count when it is opened. */
  | { readonly kind: 'own' };

/** A copy below the folder in which mappings of the connection count belongs to this workspace. */
export function mappingPlace(
  source: StoredProfile['source'],
  folders: readonly LocalFolder[],
  localFolder: string,
): MappingPlace {
  // A mapping in the user's own settings would count nowhere, so that the workspace gets the connection too.
  const written = source.level === 'user' ? { level: 'workspace' as const } : source;
  const [folder] = mappedFolders(written, folders);
  const [level, ...others] = writeLevels(written);
  // Several folders have to define a connection alike, and only one of them holds the copy.
  if (!folder || !level || others.length > 0 || !isWithin(folder.path, localFolder)) return { kind: 'own' };
  return { kind: 'workspace', level, local: pathWithin(folder.path, localFolder) ?? '' };
}

/** The connection as it is written, with one mapping more. @param keeps whether those that it has count there too */
export function withMapping(value: unknown, mapping: object, keeps: boolean): Record<string, unknown> {
  const fields: Record<string, unknown> = { ...(typeof value === 'object' ? value : {}) };
  const before = keeps ? fields['sync'] : undefined;
  const list: readonly unknown[] = before === undefined ? [] : Array.isArray(before) ? before : [before];
  return { ...fields, sync: list.length === 0 ? mapping : [...list, mapping] };
}

/** The text of a settings.json with the connection in it; what else stands there, comments too, stays. */
export function settingsWith(text: string, name: string, value: unknown): string {
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };
  const start = text.trim() === '' ? '{}\n' : text;
  return applyEdits(start, modify(start, ['ftps.profiles', name], value, { formattingOptions }));
}
