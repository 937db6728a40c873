import type { BaselineEntry } from '../../../src/sync/baseline.ts';
import type { FileVersion, SeenVersion } from '../../../src/sync/fileVersion.ts';
import type { SideNode, SideTree } from '../../../src/sync/sideTree.ts';

/** A moment long after which everything in a test is known to be old. */
export const longAgo = Date.UTC(2026, 0, 10, 12, 30, 15);
const muchLater = Date.UTC(2026, 10, 20);

export function version(size: number, more: Partial<FileVersion> = {}): FileVersion {
  return { size, modifiedAt: longAgo, precision: 'second', source: 'facts', ...more };
}

export function seen(size: number, more: Partial<SeenVersion> = {}): SeenVersion {
  return { ...version(size), firstSeen: longAgo, lastSeen: muchLater, ...more };
}

export const folder: SideNode = { kind: 'folder' };

export function file(size: number, more: Partial<FileVersion> = {}): SideNode {
  return { kind: 'file', version: version(size, more) };
}

/** What was in step: a file of so many bytes on both sides. */
export function agreed(size: number, hash = 'h'): BaselineEntry {
  return { kind: 'file', local: seen(size), remote: seen(size), hash };
}

export function tree(
  nodes: Readonly<Record<string, SideNode>>,
  unknown: readonly string[] = [],
  ignoring: readonly string[] = [],
): SideTree {
  return { nodes: new Map(Object.entries(nodes)), unknown: new Set(unknown), ignoring: new Set(ignoring) };
}
