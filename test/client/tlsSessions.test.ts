import { describe, expect, it } from 'vitest';
import { TlsSessions } from '../../src/client/tlsSessions.ts';

function learnt(sessions: TlsSessions, origin: 'control' | 'data', ...names: string[]): void {
  for (const name of names) sessions.learn(Buffer.from(name), origin);
}

function offered(sessions: TlsSessions, times: number): (string | undefined)[] {
  return Array.from({ length: times }, () => sessions.next()?.toString());
}

describe('the TLS sessions of a control connection', () => {
  it('C-25: are offered newest first, those of the control connection before those of data connections', () => {
    const sessions = new TlsSessions();
    learnt(sessions, 'data', 'd1', 'd2');
    learnt(sessions, 'control', 'c1', 'c2');
    expect(offered(sessions, 4)).toEqual(['c2', 'c1', 'd2', 'd1']);
  });

  it('C-25: are offered again, the last one, when none is left', () => {
    const sessions = new TlsSessions();
    expect(offered(sessions, 1)).toEqual([undefined]);
    expect(sessions.isEmpty).toBe(true);
    learnt(sessions, 'control', 'c1', 'c2');
    expect(offered(sessions, 4)).toEqual(['c2', 'c1', 'c1', 'c1']);
    expect(sessions.isEmpty).toBe(false);
    learnt(sessions, 'data', 'd1');
    expect(offered(sessions, 2)).toEqual(['d1', 'd1']);
  });

  it('are few: the oldest are dropped', () => {
    const sessions = new TlsSessions();
    learnt(sessions, 'control', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6');
    expect(offered(sessions, 5)).toEqual(['c6', 'c5', 'c4', 'c3', 'c3']);
  });
});
