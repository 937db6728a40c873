import { describe, expect, it } from 'vitest';
import { checkSave, type SaveFacts } from '../../src/sync/saveCheck.ts';
import { agreed, longAgo, version } from './support/trees.ts';

const facts: SaveFacts = {
  base: agreed(5, 'base'),
  remote: version(5),
  hash: 'new',
  previousHash: undefined,
  remoteHash: undefined,
  now: longAgo + 1_000_000,
};
const changed = version(6, { modifiedAt: longAgo + 5000 });

describe('a saved file', () => {
  it('is uploaded without a question where the server has what it had', () => {
    expect(checkSave(facts)).toBe('upload');
  });

  it('is uploaded where there is nothing yet', () => {
    expect(checkSave({ ...facts, base: undefined, remote: undefined })).toBe('upload');
  });

  it("is not put over a colleague's newer file without a question", () => {
    expect(checkSave({ ...facts, remote: changed })).toBe('read');
    expect(checkSave({ ...facts, remote: changed, remoteHash: 'theirs' })).toBe('ask');
  });

  it('is uploaded with one question soon after the save before it, and read where it follows at once', () => {
    const young = agreed(5, 'base');
    if (young.kind !== 'file') throw new Error('a file was made');
    const saved = { ...young, remote: { ...young.remote, firstSeen: longAgo, lastSeen: longAgo } };
    expect(checkSave({ ...facts, base: saved, now: longAgo + 5000 })).toBe('upload');
    expect(checkSave({ ...facts, base: saved, now: longAgo + 500 })).toBe('read');
    const touched = version(5, { modifiedAt: longAgo + 1000 });
    expect(checkSave({ ...facts, base: saved, remote: touched, now: longAgo + 5000 })).toBe('read');
  });

  it('is read where LIST tells no seconds, for as long as a change would not show', () => {
    const young = agreed(5, 'base');
    if (young.kind !== 'file') throw new Error('a file was made');
    const listed = { source: 'list', precision: 'minute' } as const;
    const saved = { ...young, remote: { ...young.remote, ...listed, firstSeen: longAgo, lastSeen: longAgo } };
    expect(checkSave({ ...facts, base: saved, remote: version(5, listed), now: longAgo + 500_000 })).toBe(
      'read',
    );
  });

  it('raises no false alarm where only the time has changed', () => {
    expect(checkSave({ ...facts, remote: changed, remoteHash: 'base' })).toBe('upload');
  });

  it('is not sent where the server has it already', () => {
    expect(checkSave({ ...facts, remote: changed, remoteHash: 'new' })).toBe('same');
    expect(checkSave({ ...facts, hash: 'base' })).toBe('same');
  });

  it('does not bring back without a question what was deleted on the server', () => {
    expect(checkSave({ ...facts, remote: undefined })).toBe('ask');
  });

  it('replaces a file that was never compared only if the server has what was on this computer before', () => {
    const first = { ...facts, base: undefined };
    expect(checkSave(first)).toBe('read');
    expect(checkSave({ ...first, remoteHash: 'old', previousHash: 'old' })).toBe('upload');
    expect(checkSave({ ...first, remoteHash: 'theirs', previousHash: 'old' })).toBe('ask');
    expect(checkSave({ ...first, remoteHash: 'theirs' })).toBe('ask');
  });
});
