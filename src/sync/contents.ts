import type { ContentDigest } from '../remote/contentDigest.ts';
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
  trees: Trees,
  doubts: readonly Doubt[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ContentHashes>> {
  const contents = new Map<string, ContentHashes>();
  const wanted = doubts.filter(({ size, mayStay }) => size <= reader.largest || !mayStay);
  await sideBySide(wanted, width, async (doubt) => {
    signal?.throwIfAborted();
    const { path, side } = doubt;
    const hash = await hashAt(reader, trees, doubt, signal);
    if (hash !== undefined) contents.set(path, { ...contents.get(path), [side]: hash });
  });
  return contents;
}

type Trees = Pick<PlanInput, 'local' | 'remote'>;
type Place = Pick<Doubt, 'path' | 'side'>;

async function hashAt(
  reader: ContentReader,
  trees: Trees,
  place: Place,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const told = place.side === 'remote' ? await toldHash(reader, trees, place.path, signal) : undefined;
    return told ?? (await readHash(reader, trees, place, undefined, signal));
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** @param digest that the content must have, too. @returns undefined where it has another one */
async function readHash(
  { sides, staging }: ContentReader,
  trees: Trees,
  { path, side }: Place,
  digest: ContentDigest | undefined,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { file, hash } = await sides[side].stage(path, { node: trees[side].nodes.get(path) }, signal);
  try {
    const isExpected = !digest || (await hashOf(file, digest.algorithm)) === digest.digest;
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
  return readHash(reader, trees, { path, side: 'local' }, told, signal);
}
