import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isTemporaryName } from '../../../src/remote/temporaryName.ts';

type Side = 'local' | 'remote';

/** What somebody did to a file on one side, which a sync has to carry over to the other one. */
interface Edit {
  readonly path: string;
  readonly on: Side;
  /** What both sides had; undefined where there was nothing. */
  readonly before: string | undefined;
  /** What the edited side has; undefined where it was deleted. */
  readonly after: string | undefined;
}

/** What a sync has to do now, as the Sync view counts it. */
export interface Work {
  readonly uploads: number;
  readonly downloads: number;
  readonly deletions: Readonly<Record<Side, number>>;
  /** Folders that are to be made on the server, and here. */
  readonly folders: Readonly<Record<Side, number>>;
}

const deletionsASide = 10;

/** A local and a remote folder in step, their files edited on either side, and what may have become of each file since. */
export class EditedTrees {
  readonly #roots: Readonly<Record<Side, string>>;
  readonly #fileCount: number;
  /** What both sides have of each file when they are in step. */
  readonly #files = new Map<string, string>();
  #edits: readonly Edit[] = [];
  #edition = 0;

  /** @param fileCount how many files both sides have together, once they are in step */
  constructor(roots: Readonly<Record<Side, string>>, fileCount: number) {
    this.#roots = roots;
    this.#fileCount = fileCount;
  }

  /**
   * Edits every file on one side or the other; a few are deleted there, and as many new ones are made. At first all
   * are new.
   */
  edit(): void {
    const edition = ++this.#edition;
    const known = [...this.#files.keys()];
    const deleted = known.slice(0, 2 * deletionsASide);
    const kept = known.slice(deleted.length);
    // In the order in which a sync takes them, both sides take turns.
    const sideAt = (index: number): Side =>
      (index + Math.floor(index / 10) + edition) % 2 === 0 ? 'local' : 'remote';
    const created = Array.from({ length: this.#fileCount - kept.length }, (_, index) => {
      const side = sideAt(known.length + index);
      return `d${index % 10}/edition${edition}/${side}/f${index}.txt`;
    });
    const paths = [...deleted, ...kept, ...created];
    this.#edits = paths.map((path, index) => {
      const on = sideAt(index);
      const after = index < deleted.length ? undefined : content(path, edition, index);
      return { path, on, before: this.#files.get(path), after };
    });
    for (const { path, on, after } of this.#edits) {
      const file = join(this.#roots[on], path);
      if (after === undefined) {
        rmSync(file);
        this.#files.delete(path);
      } else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, after);
        this.#files.set(path, after);
      }
    }
  }

  /** STOR and RETR of a sync that carries all edits over: what it overwrites or deletes is read first. */
  get transfers(): number {
    const isDownload = ({ on, after }: Edit): boolean => on === 'remote' && after !== undefined;
    const ofUpload = ({ before, after }: Edit): number =>
      Number(before !== undefined) + Number(after !== undefined);
    const counts = this.#edits.map((edit) => {
      if (edit.on === 'local') return ofUpload(edit);
      return isDownload(edit) ? 1 : 0;
    });
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** What is still to be done, by what is on the disk of both sides. */
  get work(): Work {
    const open = this.#edits.filter(({ path, on, after }) => this.#has(other(on), path) !== after);
    const count = (on: Side, isDeletion: boolean): number =>
      open.filter((edit) => edit.on === on && (edit.after === undefined) === isDeletion).length;
    return {
      uploads: count('local', false),
      downloads: count('remote', false),
      deletions: { local: count('remote', true), remote: count('local', true) },
      folders: { local: this.#missingFolders('local'), remote: this.#missingFolders('remote') },
    };
  }

  /**
   * Each file is, on the side where it was edited, as it was left, and on the other side as it was before or as it
   * should be, whole. There is nothing else.
   * @returns what is not so
   */
  get halves(): readonly string[] {
    const wrong: string[] = [];
    for (const { path, on, before, after } of this.#edits) {
      if (this.#has(on, path) !== after) wrong.push(`${on}: ${path} is not what it was edited to`);
      const there = this.#has(other(on), path);
      if (there !== before && there !== after) wrong.push(`${other(on)}: ${path} is neither old nor new`);
    }
    const known = new Set(this.#edits.map(({ path }) => path));
    for (const side of ['local', 'remote'] as const) {
      const strange = this.#filesOf(side).filter(
        (path) => !known.has(path) && !isTemporaryName(basename(path)),
      );
      wrong.push(...strange.map((path) => `${side}: ${path} has come from nowhere`));
    }
    return wrong;
  }

  /** Old versions, of which there was one only, that are neither where they were nor in a folder. */
  lostFor(snapshots: string | undefined): readonly string[] {
    const kept = new Set(
      snapshots === undefined ? [] : filesIn(snapshots).map((file) => hashOf(readFileSync(file))),
    );
    return this.#edits.flatMap(({ path, on, before }) => {
      if (before === undefined || this.#has(other(on), path) === before) return [];
      return kept.has(hashOf(before)) ? [] : [`${other(on)}: the old ${path}`];
    });
  }

  /** Our own unfinished files. */
  temporaries(side: Side): readonly string[] {
    return this.#filesOf(side).filter((path) => isTemporaryName(basename(path)));
  }

  #has(side: Side, path: string): string | undefined {
    const file = join(this.#roots[side], path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  #missingFolders(side: Side): number {
    const folders = foldersIn(this.#roots[other(side)]);
    return folders.filter((path) => !existsSync(join(this.#roots[side], path))).length;
  }

  #filesOf(side: Side): string[] {
    return filesIn(this.#roots[side]).map((file) => file.slice(this.#roots[side].length + 1));
  }
}

/** Some are large enough to be cut; each says itself how long it has to be. */
function content(path: string, edition: number, index: number): string {
  const times = index % 15 === 7 ? 10_000 : 20 + (index % 7) * 30;
  return `${path} ${edition} ${times} `.repeat(times);
}

function other(side: Side): Side {
  return side === 'local' ? 'remote' : 'local';
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return folders.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

function hashOf(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}
