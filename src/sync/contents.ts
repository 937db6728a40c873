import { sideBySide } from '../remote/sideBySide.ts';
import type { ContentHashes, Doubt, PlanInput } from './plan.ts';
import { hashOf } from './hashOf.ts';
import type { Side } from './side.ts';
import type { Staging } from './staging.ts';

/** Files that are read to settle doubts at the same time. */
const width = 8;

export interface ContentReader {
  readonly sides: Readonly<Record<'local' | 'remote', Side>>;
  readonly staging: Staging;
  /** Bytes; larger files that may stay in doubt are not read, and count as changed. */
  readonly largest: number;
}

/** Reads what is doubtful. A file that changes meanwhile, or cannot be read, stays in doubt, and counts as changed. */
export async function readContents(
  reader: ContentReader,
  { local, remote }: Pick<PlanInput, 'local' | 'remote'>,
  doubts: readonly Doubt[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ContentHashes>> {
  const contents = new Map<string, ContentHashes>();
  const wanted = doubts.filter(({ size, mayStay }) => size <= reader.largest || !mayStay);
  const trees = { local, remote };
  await sideBySide(wanted, width, async ({ path, side }) => {
    signal?.throwIfAborted();
    const hash = await hashAt(reader, trees, side, path, signal);
    if (hash !== undefined) contents.set(path, { ...contents.get(path), [side]: hash });
  });
  return contents;
}

type Trees = Pick<PlanInput, 'local' | 'remote'>;

async function hashAt(
  reader: ContentReader,
  trees: Trees,
  side: 'local' | 'remote',
  path: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const told = side === 'remote' ? await toldHash(reader, trees, path, signal) : undefined;
    return told ?? (await readHash(reader, trees, side, path, signal));
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

async function readHash(
  { sides, staging }: ContentReader,
  trees: Trees,
  side: 'local' | 'remote',
  path: string,
  signal?: AbortSignal,
  algorithm?: { readonly name: string; readonly expected: string },
): Promise<string | undefined> {
  const { file, hash } = await sides[side].stage(path, { node: trees[side].nodes.get(path) }, signal);
  try {
    const isExpected = !algorithm || (await hashOf(file, algorithm.name)) === algorithm.expected;
    return isExpected ? hash : undefined;
  } finally {
    await staging.release(file);
  }
}

/**
 * The hash of a remote file without its content: as the server tells it, or, where the server knows another algorithm
 * alone, that of the local file, if both are the same by that.
 * @returns undefined when it has to be read
 */
async function toldHash(
  reader: ContentReader,
  trees: Trees,
  path: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const [local, remote] = [trees.local.nodes.get(path), trees.remote.nodes.get(path)];
  const told = await reader.sides.remote.digest?.(path, { node: remote }, signal);
  if (!told) return undefined;
  if (told.algorithm === 'sha256') return told.digest;
  if (local?.kind !== 'file' || remote?.kind !== 'file' || local.version.size !== remote.version.size)
    return undefined;
  return readHash(reader, trees, 'local', path, signal, { name: told.algorithm, expected: told.digest });
}
