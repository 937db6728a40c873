import type { DatedVersion } from './fileVersion.ts';

/** What one side has under one path. */
export type SideNode =
  | ({ readonly kind: 'file' } & DatedVersion)
  | { readonly kind: 'folder' }
  /** A link, a device, a name that the other side cannot bear: never touched, and nothing below it. */
  | { readonly kind: 'other'; readonly why: string };

/** One side of a mapping as it was found. Paths are relative to the mapped folder, with `/`; the folder itself is ''. */
export interface SideTree {
  readonly nodes: ReadonlyMap<string, SideNode>;
  /**
   * Folders of which not everything is known: the listing failed, was cut short, or left a name out. What is not there
   * is not known to be missing.
   */
  readonly unknown: ReadonlySet<string>;
  /** Folders that hold something which is ignored, and so is not among the nodes. */
  readonly ignoring: ReadonlySet<string>;
}

/** Whether a path that the tree does not have is known not to be there. */
export function isKnownMissing(tree: SideTree, path: string): boolean {
  for (let folder = parentOf(path); ; folder = parentOf(folder)) {
    if (tree.unknown.has(folder)) return false;
    if (folder === '') return true;
  }
}

/** The folder around a path; '' for what lies in the mapped folder itself. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
