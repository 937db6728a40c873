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
    active.onUndecided.tell('/work/a.html');
    expect(asked).toEqual([['/work/a.html']]);
    expect(sent).toEqual([]);
    await active.choose('staging');
    expect(sent).toEqual([['/work/a.html']]);
  });

  it('bring up one question, however often and however many are saved meanwhile', async () => {
    const { active, asked, sent } = harness();
    for (const file of ['/work/a', '/work/b', '/work/a']) active.onUndecided.tell(file);
    expect(asked).toHaveLength(1);
    await active.choose('staging');
    expect(sent).toEqual([['/work/a', '/work/b']]);
  });

  it('are sent once, and asked about again when the question was closed without an answer', async () => {
    const { active, asked, sent, close } = harness();
    active.onUndecided.tell('/work/a');
    close();
    await Promise.resolve();
    await Promise.resolve();
    active.onUndecided.tell('/work/b');
    expect(asked).toEqual([['/work/a'], ['/work/a', '/work/b']]);
    await active.choose('staging');
    await active.choose('production');
    expect(sent).toEqual([['/work/a', '/work/b']]);
  });

  it('are forgotten with the window', async () => {
    const { active, sent, files } = harness();
    active.onUndecided.tell('/work/a');
    files.dispose();
    await active.choose('staging');
    expect(sent).toEqual([]);
  });
});
