/** Paths on a server: absolute, separated by `/`, whatever this computer's own separator is. */

/** Absolute, without empty or `.` segments; `..` never climbs above the root. */
export function normalisePath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..') segments.pop();
    else segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

export function joinPath(folder: string, ...names: readonly string[]): string {
  return normalisePath([folder, ...names].join('/'));
}

/** The root is its own parent. */
export function parentPath(path: string): string {
  return joinPath(path, '..');
}

/** Empty for the root. */
export function baseName(path: string): string {
  const normal = normalisePath(path);
  return normal.slice(normal.lastIndexOf('/') + 1);
}

/** Whether `path` is `root` itself or lies below it. */
export function isInside(root: string, path: string): boolean {
  return insideOf(root)(normalisePath(path));
}

/** The same for whoever asks about many paths, all of them normalised. */
export function insideOf(root: string): (path: string) => boolean {
  const folder = normalisePath(root);
  const below = folder === '/' ? folder : `${folder}/`;
  return (path) => path === folder || path.startsWith(below);
}

/** Where a link points to: a relative target counts from the folder that the link is in. */
export function resolveLinkTarget(linkPath: string, target: string): string {
  return target.startsWith('/') ? normalisePath(target) : joinPath(parentPath(linkPath), target);
}
