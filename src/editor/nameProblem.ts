/** What is wrong with a name for a remote file or folder; `taken` are those that its folder holds already. */
export function nameProblem(name: string, taken: ReadonlySet<string>): string | undefined {
  if (name.trim() === '') return 'A name is needed.';
  if (name === '.' || name === '..') return 'This name stands for a folder of its own.';
  if (name.includes('/')) return 'A name cannot contain a slash.';
  if (taken.has(name)) return `There already is a "${name}" here.`;
  return undefined;
}
