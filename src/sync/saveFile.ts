import { RemoteError } from '../remote/errors.ts';
import type { RemoteEntry } from '../remote/remoteEntry.ts';
import type { SaveResult } from '../remote/safeSave.ts';
import { agreed } from './agreement.ts';
import type { BaselineStore } from './baselineStore.ts';
import type { LocalSide } from './localSide.ts';
import { type RemoteSide, versionOf } from './remoteSide.ts';
import { isSameVersion, isTakenForSame } from './fileVersion.ts';
import { checkSave, type SaveFacts, type SaveVerdict } from './saveCheck.ts';
import type { StagedContent } from './side.ts';
import type { Staging } from './staging.ts';

export type SavedFile =
  | { readonly kind: 'uploaded'; readonly result: SaveResult }
  /** The server has the same already. */
  | { readonly kind: 'same' }
  /** There is no such file here any more: nothing was done. */
  | { readonly kind: 'gone' }
  /** Somebody else has changed it, or deleted it: nothing was done. */
  | {
      readonly kind: 'conflict';
      readonly remote: RemoteEntry | undefined;
      /** Whether both sides were ever known to be in step. */
      readonly wasInStep: boolean;
    };

export interface SavePorts {
  readonly local: LocalSide;
  readonly remote: RemoteSide;
  readonly staging: Staging;
  readonly baseline: BaselineStore;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Bytes; what is larger on the server is not read, and counts as changed. */
  readonly compareLimit: number;
}

export interface SaveRequest {
  /** Relative to the mapped folders. */
  readonly path: string;
  /** SHA-256 of the file before the editor saved it, where that is known. */
  readonly previousHash?: string | undefined;
  readonly onProgress?: (bytes: number) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Uploads a saved file, unless somebody else has changed it on the server since it was last in step.
 * @throws RemoteError
 */
export async function saveFile(ports: SavePorts, asked: SaveRequest): Promise<SavedFile> {
  const { local, remote, staging, baseline, now } = ports;
  const node = await local.look(asked.path);
  if (!node) return { kind: 'gone' };
  // Under a name that only this computer takes for that of the file, the server would get a second one.
  const path = baseline.entries.has(asked.path) ? asked.path : await local.spelled(asked.path);
  const request = { ...asked, path };
  const { signal } = request;
  // A sync leaves links alone, so that nothing is noted of what goes through them.
  const note = async (found: RemoteEntry, seenAt: number): Promise<void> => {
    if (content.isLink === true) return;
    const at = { local: readAt, remote: seenAt };
    await baseline.set(path, agreed(content.version, versionOf(found), content.hash, at));
  };
  const readAt = now();
  const content = await local.stage(path, { node }, signal);
  try {
    const saved = await saveAsExpected(ports, request, content);
    if (saved) {
      await note(saved.entry, now());
      return { kind: 'uploaded', result: saved };
    }
    const found = await remote.look(path, signal);
    const conflict = (there: RemoteEntry | undefined): SavedFile => {
      return { kind: 'conflict', remote: there, wasInStep: baseline.entries.get(path)?.kind === 'file' };
    };
    const verdict = await judge(ports, request, content, found);
    if (verdict === 'ask') return conflict(found);
    if (verdict === 'same' && found) {
      await note(found, readAt);
      return { kind: 'same' };
    }
    const approve = (existing: RemoteEntry | undefined): void => {
      // What is behind a link was judged by what the link leads to.
      if (found && found.type !== 'file') return;
      const isSame = found && existing && isSameVersion(versionOf(found), versionOf(existing));
      if (!isSame && (found || existing)) throw new NotAsExpected(path);
    };
    const result = await unlessOther(remote.upload(path, content.file, { ...request, approve }, signal));
    if (!result) return conflict(await remote.look(path, signal));
    await note(result.entry, now());
    return { kind: 'uploaded', result };
  } finally {
    await staging.release(content.file);
  }
}

/** What the server has is not what the baseline says, so that it has to be looked at. */
class NotAsExpected extends RemoteError {
  constructor(path: string) {
    super('conflict', path, `${path} is not what it was when it was last in step.`);
  }
}

/**
 * Uploads where the server has what it had, as nearly always: the one question that a save asks anyway tells.
 * @returns undefined where it has to be looked at first; then nothing was done
 */
async function saveAsExpected(
  ports: SavePorts,
  request: SaveRequest,
  content: StagedContent,
): Promise<SaveResult | undefined> {
  const { path, onProgress, signal } = request;
  const facts = factsOf(ports, request, content, undefined);
  const { base } = facts;
  if (base?.kind === 'file') {
    // Saved without a change: there is probably nothing to send.
    if (base.hash === content.hash) return undefined;
    // So young that its size and time cannot tell.
    if (!isTakenForSame(base.remote, base.remote, facts.now)) return undefined;
  }
  const approve = (existing: RemoteEntry | undefined): void => {
    const now = { ...facts, remote: existing && versionOf(existing), now: ports.now() };
    const isPlain = !existing || existing.type === 'file';
    if (!isPlain || checkSave(now) !== 'upload') throw new NotAsExpected(path);
  };
  return unlessOther(ports.remote.upload(path, content.file, { onProgress, approve }, signal));
}

/** @returns undefined where the server had something else; then nothing was done */
async function unlessOther(saving: Promise<SaveResult>): Promise<SaveResult | undefined> {
  try {
    return await saving;
  } catch (error) {
    if (error instanceof NotAsExpected) return undefined;
    throw error;
  }
}

async function judge(
  ports: SavePorts,
  request: SaveRequest,
  content: StagedContent,
  found: RemoteEntry | undefined,
): Promise<SaveVerdict> {
  if (found && found.type !== 'file' && found.targetType !== 'file') return 'ask';
  const facts = factsOf(ports, request, content, found);
  const verdict = checkSave(facts);
  if (verdict !== 'read' || !found) return verdict;
  if (found.size > ports.compareLimit) return 'ask';
  return checkSave({ ...facts, remoteHash: await contentHash(ports, request, found) });
}

/** What is known without reading what the server has. */
function factsOf(
  { baseline, now }: SavePorts,
  { path, previousHash }: SaveRequest,
  { hash }: StagedContent,
  found: RemoteEntry | undefined,
): SaveFacts {
  return {
    base: baseline.entries.get(path),
    remote: found && versionOf(found),
    hash,
    previousHash,
    remoteHash: undefined,
    now: now(),
  };
}

/** Empty where nothing can have it. */
async function contentHash(
  { remote, staging }: SavePorts,
  { path, signal }: SaveRequest,
  found: RemoteEntry,
): Promise<string> {
  const node = { kind: 'file', version: versionOf(found) } as const;
  try {
    const { file, hash } = await remote.stage(path, { node }, signal);
    await staging.release(file);
    return hash;
  } catch (error) {
    // It is being changed at this moment.
    if (error instanceof RemoteError && error.kind === 'conflict') return '';
    throw error;
  }
}
