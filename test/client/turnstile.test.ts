import { describe, expect, it } from 'vitest';
import { Turnstile } from '../../src/client/turnstile.ts';

/** Lets someone enter by name, and notes when. */
function hall() {
  const turnstile = new Turnstile();
  const entered: string[] = [];
  const enter = async (name: string, exclusive = false, signal?: AbortSignal): Promise<() => void> => {
    const leave = await turnstile.enter(exclusive, signal);
    entered.push(name);
    return leave;
  };
  return { entered, enter };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the turnstile', () => {
  it('lets commands in side by side, and a transfer only when they are out', async () => {
    const { entered, enter } = hall();
    const [leaveA, leaveB] = await Promise.all([enter('a'), enter('b')]);
    const transfer = enter('transfer', true);
    await settled();
    expect(entered).toEqual(['a', 'b']);
    leaveA();
    await settled();
    expect(entered).toEqual(['a', 'b']);
    leaveB();
    await transfer;
    expect(entered).toEqual(['a', 'b', 'transfer']);
  });

  it('lets nobody pass a transfer that waits, and whoever waits in together behind it', async () => {
    const { entered, enter } = hall();
    const leaveA = await enter('a');
    const transfer = enter('transfer', true);
    const later = [enter('b'), enter('c'), enter('second transfer', true), enter('d')];
    leaveA();
    const leaveTransfer = await transfer;
    await settled();
    expect(entered).toEqual(['a', 'transfer']);
    leaveTransfer();
    await settled();
    expect(entered).toEqual(['a', 'transfer', 'b', 'c']);
    for (const call of later.slice(0, 2)) (await call)();
    ((await later[2]) ?? (() => {}))();
    await later[3];
    expect(entered).toEqual(['a', 'transfer', 'b', 'c', 'second transfer', 'd']);
  });

  it('counts who leaves once, however often he says so', async () => {
    const { entered, enter } = hall();
    const [leaveA, leaveB] = await Promise.all([enter('a'), enter('b')]);
    leaveA();
    leaveA();
    const transfer = enter('transfer', true);
    await settled();
    expect(entered).toEqual(['a', 'b']);
    leaveB();
    await transfer;
  });

  it('sends away who aborts, before or while he waits, and lets in those behind', async () => {
    const { entered, enter } = hall();
    await expect(enter('never', false, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    await enter('a');
    const abort = new AbortController();
    const transfer = enter('transfer', true, abort.signal);
    const behind = enter('b');
    await settled();
    expect(entered).toEqual(['a']);
    abort.abort(new Error('meanwhile'));
    await expect(transfer).rejects.toThrow('meanwhile');
    await behind;
    expect(entered).toEqual(['a', 'b']);
  });
});
