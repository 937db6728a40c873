import { afterEach, describe, expect, it, vi } from 'vitest';
import { emptyDraft } from '../../../src/editor/connectionDraft.ts';
import { QuickInputs } from '../support/quickInputs.ts';

afterEach(() => {
  vi.doUnmock('vscode');
  vi.resetModules();
});

/** Goes through all steps with nothing but what is typed, and Enter. */
async function added(host: string, before = emptyDraft) {
  const inputs = new QuickInputs({ 'Name or address': host, 'Name to log in': 'me' });
  vi.doMock('vscode', () => inputs.vscode);
  const { askConnection } = await import('../../../src/editor/commands/connectionWizard.ts');
  const levels = [{ level: 'user' }, { level: 'workspace' }] as const;
  return { draft: await askConnection({ draft: before, levels, isTaken: () => false }), left: inputs.left };
}

describe('the steps that add a connection', () => {
  it('are done with Enter alone where nothing is out of the ordinary, and keep it for the user', async () => {
    const { draft, left } = await added('ftp.example.com');
    expect(left.at(-1)).toBe('Where the connection is kept (the password is not): User Settings');
    expect(draft).toMatchObject({ host: 'ftp.example.com', port: 21, level: { level: 'user' } });
  });

  it('begin with what was answered before, in the lists too', async () => {
    const answers = { security: 'none', level: { level: 'workspace' } } as const;
    expect((await added('ftp.example.com', { ...emptyDraft, ...answers })).draft).toMatchObject(answers);
  });

  it('can be done with Enter where it can no longer be kept in the place that was chosen before', async () => {
    const before = { ...emptyDraft, level: { level: 'folder', folder: 'file:///gone' } } as const;
    expect((await added('ftp.example.com', before)).draft?.level).toEqual({ level: 'user' });
  });

  it.each([
    ['ftps://ftp.example.com', { security: 'implicit', port: 990 }],
    ['ftpes://ftp.example.com', { security: 'explicit', port: 21 }],
    ['ftps://ftp.example.com:2990', { port: 2990 }],
  ])('take %s with the port that it stands for', async (address, expected) => {
    expect((await added(address)).draft).toMatchObject({ host: 'ftp.example.com', ...expected });
  });

  it('take the port of an address that is pasted in place of one with another port', async () => {
    const before = { ...emptyDraft, host: 'old.example.com', security: 'implicit', port: 2990 } as const;
    expect((await added('ftp://ftp.example.com', before)).draft).toMatchObject({
      security: 'explicit',
      port: 21,
    });
  });
});
