import { ifNotFound } from '../remote/errors.ts';
import { isSafeLocalName, localPlatform } from '../remote/localName.ts';
import type { RemoteEntry } from '../remote/remoteEntry.ts';
import { joinPath } from '../remote/remotePath.ts';
import { sideBySide } from '../remote/sideBySide.ts';
import type { IgnoreRules } from './ignoreRules.ts';
import { type SyncFiles, versionOf } from './remoteSide.ts';
import { parentOf, type SideNode, type SideTree } from './sideTree.ts';

/** Questions about single paths on the way to the server at the same time. */
const width = 8;

/**
 * Looks at a remote folder and all below it. Links are told and not followed. A folder whose listing failed, was not
 * whole, or hides names that begin with a dot, is unknown.
 */
export class RemoteTreeReader {
  readonly #files: SyncFiles;
  readonly #root: string;
  readonly #rules: IgnoreRules;
  readonly #signal: AbortSignal | undefined;
  readonly #nodes = new Map<string, SideNode>();
  readonly #unknown = new Set<string>();
  readonly #ignoring = new Set<string>();

  constructor(files: SyncFiles, root: string, rules: IgnoreRules, signal?: AbortSignal) {
    this.#files = files;
    this.#root = root;
    this.#rules = rules;
    this.#signal = signal;
  }

  /**
   * @param wanted paths that the other side or the baseline has: those with a dot in front are asked for one by one where
   * the listing shows no such name
   * @throws RemoteError when the folder itself cannot be listed
   */
  async read(wanted: Iterable<string>): Promise<SideTree> {
    await this.#crawl('');
    await sideBySide(this.#hidden(wanted), width, (path) => this.#ask(path));
    return { nodes: this.#nodes, unknown: this.#unknown, ignoring: this.#ignoring };
  }

  async #crawl(start: string): Promise<void> {
    const enters = (entry: RemoteEntry): boolean =>
      nodeOf(entry).kind === 'folder' && !this.#rules.ignores(this.#relative(entry.path), true);
    for await (const folder of this.#files.crawl(this.#absolute(start), { enters }, this.#signal)) {
      const path = this.#relative(folder.path);
      if (folder.failure) {
        if (path === '') throw folder.failure;
        this.#unknown.add(path);
        continue;
      }
      if (!folder.complete) this.#unknown.add(path);
      for (const entry of folder.entries) {
        const name = this.#relative(entry.path);
        if (this.#rules.ignores(name, entry.type === 'directory')) this.#ignoring.add(path);
        else this.#nodes.set(name, nodeOf(entry));
      }
    }
  }

  /** Dot names in folders that are there and show none. */
  #hidden(wanted: Iterable<string>): string[] {
    const open = new Set([...this.#nodes.keys()].filter(isDotName).map(parentOf));
    const doubtful = new Set<string>();
    for (const path of wanted) {
      // The path up to the first name in it that begins with a dot.
      const [hidden] = /^(?:.*?\/)?\.[^/]*/.exec(path) ?? [];
      if (hidden === undefined || this.#nodes.has(hidden)) continue;
      const folder = parentOf(hidden);
      const isThere = folder === '' || this.#nodes.get(folder)?.kind === 'folder';
      if (isThere && !open.has(folder)) doubtful.add(hidden);
    }
    return [...doubtful];
  }

  async #ask(path: string): Promise<void> {
    const look = this.#files.stat(this.#absolute(path), { fresh: true }, this.#signal);
    const entry = await look.catch(ifNotFound);
    if (!entry) return;
    const node = nodeOf(entry);
    this.#unknown.add(parentOf(path));
    this.#nodes.set(path, node);
    if (node.kind === 'folder') await this.#crawl(path);
  }

  #relative(path: string): string {
    return path.slice(this.#root === '/' ? 1 : this.#root.length + 1);
  }

  #absolute(path: string): string {
    return path === '' ? this.#root : joinPath(this.#root, path);
  }
}

function isDotName(path: string): boolean {
  return path.slice(path.lastIndexOf('/') + 1).startsWith('.');
}

/** An entry as a plan sees it. */
export function nodeOf(entry: RemoteEntry): SideNode {
  if (!isSafeLocalName(entry.name, localPlatform())) {
    return { kind: 'other', why: 'no file on this computer can have its name' };
  }
  switch (entry.type) {
    case 'directory':
      return { kind: 'folder' };
    case 'file':
      return { kind: 'file', version: versionOf(entry), ...zoneOf(entry) };
    case 'link':
      return { kind: 'other', why: 'it is a symbolic link' };
    case 'unknown':
      return { kind: 'other', why: 'the server does not tell what it is' };
  }
}

function zoneOf({ aheadOfUtc }: RemoteEntry): { readonly aheadOfUtc?: number } {
  return aheadOfUtc === undefined ? {} : { aheadOfUtc };
}
