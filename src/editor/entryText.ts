import { isFolder, type RemoteEntry, timeInUtc } from '../remote/remoteEntry.ts';

/** What menus see: `file`, `folder`, `file-link` or `folder-link`. */
export function entryContext(entry: RemoteEntry): string {
  return `${isFolder(entry) ? 'folder' : 'file'}${entry.type === 'link' ? '-link' : ''}`;
}

/** The name as its row shows it. */
export function entryLabel({ name }: RemoteEntry): string {
  return visible(name);
}

/** What is shown in grey behind the name. */
export function entryDescription(entry: RemoteEntry): string {
  if (entry.type !== 'link') return '';
  return entry.linkTarget === undefined ? '→' : `→ ${visible(entry.linkTarget)}`;
}

/** What a screen reader says. */
export function entrySpoken(entry: RemoteEntry): string {
  const kind = isFolder(entry) ? 'folder' : 'file';
  return entry.type === 'link' ? `${entryLabel(entry)}, link to a ${kind}` : `${entryLabel(entry)}, ${kind}`;
}

/** Lines of the tooltip. What the server did not tell is left out. */
export function entryTooltip(entry: RemoteEntry, locale?: string): string {
  const lines = [visible(entry.path)];
  if (entry.type === 'link') lines.push(`Link to ${visible(entry.linkTarget ?? 'another place')}`);
  if (!isFolder(entry)) lines.push(`Size: ${sizeText(entry.size, locale)}`);
  if (entry.modifiedAt > 0) lines.push(`Modified: ${timeText(timeInUtc(entry), locale)}`);
  if (entry.mode !== undefined) lines.push(`Permissions: ${modeText(entry.mode)}`);
  return lines.join('\n');
}

/** Shows what would speak to a terminal, or turn the text around, so that `exe.gpj` looks like `jpg.exe`. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

const units = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** Bytes as people read them, in steps of 1024. */
export function sizeText(bytes: number, locale?: string): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1);
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: power === 0 ? 0 : 1 });
  return `${number.format(bytes / 1024 ** power)} ${bytes === 1 ? 'byte' : units[power]}`;
}

function timeText(milliseconds: number, locale: string | undefined): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(milliseconds);
}

/** `rwxr-xr-x (755)` for 0o755. */
export function modeText(mode: number): string {
  const letters = Array.from({ length: 9 }, (_, bit) =>
    mode & (0o400 >> bit) ? ('rwx'[bit % 3] ?? '-') : '-',
  );
  return `${letters.join('')} (${(mode & 0o7777).toString(8).padStart(3, '0')})`;
}

/** Folders first, then by name as people sort. */
export function sortedEntries(entries: readonly RemoteEntry[]): RemoteEntry[] {
  // Not of the module: the first one takes milliseconds, for which no activation should wait.
  const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  return entries.toSorted(
    (a, b) => Number(isFolder(b)) - Number(isFolder(a)) || byName.compare(a.name, b.name),
  );
}
