import { describe, expect, it } from 'vitest';
import { ActiveProfile, type UndecidedFile } from '../../src/editor/activeProfile.ts';
import { UndecidedFiles } from '../../src/editor/undecidedFiles.ts';
import { undecidedText } from '../../src/editor/undecidedText.ts';
import { WorkspaceMemory } from './support/workspaceMemory.ts';

function saved(localFile: string): UndecidedFile {
  return { localFile, isGone: false };
}

function harness() {
  const active = new ActiveProfile(new WorkspaceMemory());
  const asked: string[] = [];
  const sent: (readonly string[])[] = [];
  let close: () => void = () => undefined;
  const files = new UndecidedFiles({
    active,
    ask: (file) => {
      asked.push(undecidedText(file));
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
    active.onUndecided.tell(saved('/home/anna/a.html'));
    expect(asked).toEqual([
      'a.html was not uploaded: several connections map it, and none of them is the active one.',
    ]);
    expect(sent).toEqual([]);
    await active.choose('staging');
    expect(sent).toEqual([['/home/anna/a.html']]);
  });

  it('bring up one question, however often and however many are saved meanwhile', async () => {
    const { active, asked, sent } = harness();
    for (const file of ['/home/anna/a', '/home/anna/b', '/home/anna/a']) active.onUndecided.tell(saved(file));
    expect(asked).toHaveLength(1);
    await active.choose('staging');
    expect(sent).toEqual([['/home/anna/a', '/home/anna/b']]);
  });

  it('are sent once, and asked about again when the question was closed without an answer', async () => {
    const { active, asked, sent, close } = harness();
    active.onUndecided.tell(saved('/home/anna/a'));
    close();
    await Promise.resolve();
    await Promise.resolve();
    active.onUndecided.tell(saved('/home/anna/b'));
    expect(asked).toEqual([expect.stringContaining('a was'), expect.stringContaining('b was')]);
    await active.choose('staging');
    await active.choose('production');
    expect(sent).toEqual([['/home/anna/a', '/home/anna/b']]);
  });

  it('are not said to be saved, and not sent, when they were deleted', async () => {
    const { active, asked, sent } = harness();
    active.onUndecided.tell({ localFile: 'C:\\site\\a.html', isGone: true });
    expect(asked).toEqual([
      'a.html was deleted here, and on no server: several connections map it, and none of them is the active one.',
    ]);
    await active.choose('staging');
    expect(sent).toEqual([]);
  });

  it('are forgotten with the window', async () => {
    const { active, sent, files } = harness();
    active.onUndecided.tell(saved('/home/anna/a'));
    files.dispose();
    await active.choose('staging');
    expect(sent).toEqual([]);
  });
});
