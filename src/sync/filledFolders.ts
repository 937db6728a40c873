import { parentOf, type SideTree } from './sideTree.ts';

/** The folders of a side in which something stays, is left alone, or may be unknown. @param goes whether a path is deleted */
export function filledFolders(
  { nodes, unknown, ignoring }: SideTree,
  goes: (path: string) => boolean,
): ReadonlySet<string> {
  const filled = new Set<string>();
  const fill = (start: string): void => {
    for (let folder = start; folder !== '' && !filled.has(folder); folder = parentOf(folder))
      filled.add(folder);
  };
  for (const path of nodes.keys()) if (!goes(path)) fill(parentOf(path));
  for (const folder of [...unknown, ...ignoring]) fill(folder);
  return filled;
}
