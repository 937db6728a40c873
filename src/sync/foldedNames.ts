import { foldedName } from '../remote/foldedName.ts';

/** The paths among all of which another one differs in nothing but case or Unicode form. */
export function findFoldedNames(sides: readonly Iterable<string>[]): ReadonlySet<string> {
  const spellings = new Map<string, Set<string>>();
  for (const path of sides.flatMap((paths) => [...paths])) {
    const folded = foldedName(path);
    const known = spellings.get(folded);
    if (known) known.add(path);
    else spellings.set(folded, new Set([path]));
  }
  return new Set([...spellings.values()].filter(({ size }) => size > 1).flatMap((paths) => [...paths]));
}
