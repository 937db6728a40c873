import { describe, expect, it } from 'vitest';
import { SnapshotRoom } from '../../src/sync/snapshotRoom.ts';

/** Room for a hundred bytes, and what is kept in it by the id of each sync. */
function roomWith(kept: Readonly<Record<string, number>>, isHeld = false): SnapshotRoom {
  const room = new SnapshotRoom(() => 100);
  room.learn(Object.entries(kept).map(([id, bytes]) => ({ id, bytes, isHeld })));
  return room;
}

const full = expect.objectContaining({ kind: 'noSpace' });

describe('what is kept for an undo', () => {
  it('gives way from the oldest on, as far as room is wanted', () => {
    const room = roomWith({ c: 40, a: 30, b: 30 });
    room.open('d', 0, undefined);
    room.reserve('d', 40);
    expect(room.claim('d')).toEqual(['a', 'b']);
  });

  it('stays where nothing would be gained by its going', () => {
    const room = roomWith({ a: 90 });
    room.open('b', 0, undefined);
    expect(() => room.reserve('b', 101)).toThrow(full);
    room.reserve('b', 10);
    expect(room.claim('b')).toEqual([]);
  });

  it('stays where the sync that it was to give way to has kept nothing', () => {
    const room = roomWith({ a: 90 });
    room.open('b', 0, undefined);
    room.reserve('b', 100);
    room.close('b', false);
    room.open('c', 0, undefined);
    room.reserve('c', 10);
    expect(room.claim('c')).toEqual([]);
  });

  it('gives way to one sync alone, also when the disk has been looked at anew', () => {
    const room = roomWith({ a: 60, b: 40 });
    room.open('c', 0, undefined);
    room.open('d', 0, undefined);
    room.reserve('c', 50);
    room.learn([
      { id: 'a', bytes: 60, isHeld: false },
      { id: 'b', bytes: 40, isHeld: false },
    ]);
    room.reserve('d', 40);
    expect([room.claim('c'), room.claim('d')]).toEqual([['a'], ['b']]);
  });

  it('never gives way while a sync is at it, of this process or of another', () => {
    const room = roomWith({ a: 60 }, true);
    room.open('b', 0, undefined);
    room.reserve('b', 40);
    room.open('c', 0, undefined);
    expect(() => room.reserve('c', 1)).toThrow(full);
    room.close('b', true);
    room.reserve('c', 40);
    expect(room.claim('c')).toEqual(['b']);
  });

  it('never gives way while it is being brought back, and leaves as much room for that again', () => {
    const room = roomWith({ a: 60, b: 40 });
    room.open('undo', 0, 'b');
    room.open('c', 0, undefined);
    room.reserve('undo', 40);
    room.reserve('undo', 60);
    expect(room.claim('undo')).toEqual(['a']);
    expect(() => room.reserve('c', 1)).toThrow(full);
  });

  it('has room again for what was not kept after all', () => {
    const room = roomWith({});
    room.open('a', 0, undefined);
    room.reserve('a', 100);
    room.release('a', 100);
    room.reserve('a', 100);
    expect(() => room.reserve('a', 1)).toThrow(full);
  });
});
