import type { ContentHashes, Doubt, PlanInput } from './plan.ts';
import type { Expected, Side } from './side.ts';
import type { Staging } from './staging.ts';

/** Files that are read to settle doubts at the same time. */
const width = 8;

export interface ContentReader {
  readonly sides: Readonly<Record<'local' | 'remote', Side>>;
  readonly staging: Staging;
  /** Bytes; larger files are not read, and count as changed. */
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
  const wanted = doubts.filter(({ size }) => size <= reader.largest).values();
  const trees = { local, remote };
  const readNext = async (): Promise<void> => {
    for (const { path, side } of wanted) {
      signal?.throwIfAborted();
      const hash = await readOne(reader, side, path, { node: trees[side].nodes.get(path) }, signal);
      if (hash !== undefined) contents.set(path, { ...contents.get(path), [side]: hash });
    }
  };
  await Promise.all(Array.from({ length: width }, readNext));
  return contents;
}

async function readOne(
  { sides, staging }: ContentReader,
  side: 'local' | 'remote',
  path: string,
  expected: Expected,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const { file, hash } = await sides[side].stage(path, expected, signal);
    await staging.release(file);
    return hash;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
