import { describe, expect, it } from 'vitest';
import { ActiveProfile } from '../../src/editor/activeProfile.ts';
import { UndecidedFiles } from '../../src/editor/undecidedFiles.ts';
import { WorkspaceMemory } from './support/workspaceMemory.ts';

function harness() {
  const active = new ActiveProfile(new WorkspaceMemory());
  const asked: (readonly string[])[] = [];
  const sent: (readonly string[])[] = [];
  let close: () => void = () => undefined;
  const files = new UndecidedFiles({
    active,
    ask: (waiting) => {
      asked.push(waiting);
      return new Promise((resolve) => {
        close = resolve;
      });
    },
    send: async (waiting) => void sent.push(waiting),
    onProblem: (error) => {
      throw error;
    },
  });
  return { active, asked, sent, files, close: () => close() };
}

describe('files that several connections map', () => {
  it('wait for the choice, and are sent when it is made', async () => {
    const { active, asked, sent } = harness();
    active.onUndecided.tell('/home/anna/a.html');
    expect(asked).toEqual([['/home/anna/a.html']]);
    expect(sent).toEqual([]);
    await active.choose('staging');
    expect(sent).toEqual([['/home/anna/a.html']]);
  });

  it('bring up one question, however often and however many are saved meanwhile', async () => {
    const { active, asked, sent } = harness();
    for (const file of ['/home/anna/a', '/home/anna/b', '/home/anna/a']) active.onUndecided.tell(file);
    expect(asked).toHaveLength(1);
    await active.choose('staging');
    expect(sent).toEqual([['/home/anna/a', '/home/anna/b']]);
  });

  it('are sent once, and asked about again when the question was closed without an answer', async () => {
    const { active, asked, sent, close } = harness();
    active.onUndecided.tell('/home/anna/a');
    close();
    await Promise.resolve();
    await Promise.resolve();
    active.onUndecided.tell('/home/anna/b');
    expect(asked).toEqual([['/home/anna/a'], ['/home/anna/a', '/home/anna/b']]);
    await active.choose('staging');
    await active.choose('production');
    expect(sent).toEqual([['/home/anna/a', '/home/anna/b']]);
  });

  it('are forgotten with the window', async () => {
    const { active, sent, files } = harness();
    active.onUndecided.tell('/home/anna/a');
    files.dispose();
    await active.choose('staging');
    expect(sent).toEqual([]);
  });
});
