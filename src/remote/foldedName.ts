/**
 * The same for names that some file system takes for one: case and Unicode form folded, at least as widely as each of
 * them does, and what is not seen left out.
 */
export function foldedName(name: string): string {
  if (/^[ -~]*$/.test(name)) return name.toUpperCase();
  const shown = name.normalize('NFD').replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '');
  return shown.toLowerCase().toUpperCase().normalize('NFC');
}
