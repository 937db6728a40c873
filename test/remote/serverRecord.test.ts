import { describe, expect, it } from 'vitest';
import { readRecord, type ServerRecord, writeRecord } from '../../src/remote/serverRecord.ts';

const head = { server: 'explicit://anna@ftp.example.com:21', options: 'abc' };
const now = Date.UTC(2026, 0, 15);
const day = 86_400_000;

function learnt(value: unknown, at = now) {
  return { value, at };
}

function readBack(record: ServerRecord, at = now): ServerRecord | undefined {
  return readRecord(writeRecord(head, record), head, at);
}

function text(change: object): string {
  return JSON.stringify({ ...JSON.parse(writeRecord(head, { traits: {} })), ...change });
}

describe('what is kept of a server', () => {
  it('is read as it was written', () => {
    const traits = { extendedPassive: learnt(false, now - day), timeOffset: learnt(7_200_000) };
    const record = { traits, limit: { sessions: 2, at: now - 30 * day } };
    expect(readBack(record)).toEqual(record);
  });

  it.each([
    ['another server', { ...head, server: 'explicit://anna@other.example.com:21' }],
    ['other options', { ...head, options: 'def' }],
  ])('does not count for %s', (_, other) => {
    expect(readRecord(writeRecord(head, { traits: {} }), other, now)).toBeUndefined();
  });

  it.each(['', '{"version":1', 'null', '7', '[]', '"text"', '{}', text({ version: 2 })])(
    'is nothing where the file says %j',
    (broken) => {
      expect(readRecord(broken, head, now)).toBeUndefined();
    },
  );

  it('leaves out traits that nobody knows, and values of another type', () => {
    const traits = {
      extendedPassive: learnt('no'),
      active: learnt(1),
      timeOffset: learnt({ hours: 1 }),
      invented: learnt(true),
      toString: learnt(true),
      dotFiles: false,
      stepByStep: null,
      boundToTls12: learnt(true),
    };
    expect(readRecord(text({ traits }), head, now)?.traits).toEqual({ boundToTls12: learnt(true) });
    expect(readRecord(text({ traits: 'all' }), head, now)).toEqual({ traits: {} });
  });

  it('is learnt anew after a week, and the hours of its zone after a day', () => {
    const traits = { extendedPassive: learnt(false), timeOffset: learnt(0), timeOffsetIsAsked: learnt(true) };
    const kept = (after: number) => Object.keys(readBack({ traits }, now + after)?.traits ?? {});
    expect(kept(day - 1)).toEqual(['extendedPassive', 'timeOffset', 'timeOffsetIsAsked']);
    expect(kept(day)).toEqual(['extendedPassive']);
    expect(kept(7 * day - 1)).toEqual(['extendedPassive']);
    expect(kept(7 * day)).toEqual([]);
    expect(kept(-1)).toEqual([]);
  });

  it('does not tell a later run that the haste of the client is beyond doubt', () => {
    const traits = { aheadProven: learnt(true), sequential: learnt(true) };
    expect(readBack({ traits })?.traits).toEqual({ sequential: learnt(true) });
  });

  it.each([0, 1.5, '2', null])('takes no limit of %j sessions', (sessions) => {
    expect(readRecord(text({ limit: { sessions, at: now } }), head, now)?.limit).toBeUndefined();
  });
});
