import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';

/** Where a connection stands in a settings.json, or in the settings of a .code-workspace. */
export function placeOfProfile(
  text: string,
  name: string,
): { readonly offset: number; readonly length: number } | undefined {
  const root = parseTree(text);
  if (!root) return undefined;
  const value = find(root, ['ftps.profiles', name]) ?? find(root, ['settings', 'ftps.profiles', name]);
  const property =
    value?.parent ?? find(root, ['ftps.profiles']) ?? find(root, ['settings', 'ftps.profiles']);
  return property && { offset: property.offset, length: property.length };
}

function find(root: Node, path: string[]): Node | undefined {
  return findNodeAtLocation(root, path);
}
