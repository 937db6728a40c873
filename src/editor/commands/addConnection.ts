import { ProgressLocation, type TreeView, window } from 'vscode';
import { credentialAccount, type Profile, readProfile } from '../../remote/profile.ts';
import { Connection, type ConnectionPorts } from '../connection.ts';
import { type ConnectionDraft, emptyDraft, writtenForm } from '../connectionDraft.ts';
import type { Connections } from '../connections.ts';
import { errorText } from '../errorText.ts';
import type { ProfileStore } from '../profileStore.ts';
import { nearestLevel, writeProfile } from '../settings.ts';
import type { RemoteTree } from '../tree/remoteTree.ts';
import type { TreeNode } from '../tree/treeNode.ts';
import { askConnection } from './connectionWizard.ts';

export interface AddConnectionOptions {
  readonly profiles: ProfileStore;
  readonly connections: Connections;
  readonly ports: ConnectionPorts;
  readonly tree: RemoteTree;
  readonly view: TreeView<TreeNode>;
}

/** Asks for a connection step by step, tries it, and keeps it. */
export async function addConnection({
  profiles,
  connections,
  ports,
  tree,
  view,
}: AddConnectionOptions): Promise<void> {
  const nearest = nearestLevel();
  let draft: ConnectionDraft | undefined = emptyDraft;
  for (;;) {
    draft = await askConnection({
      draft,
      levels: nearest.level === 'user' ? [nearest] : [{ level: 'user' }, nearest],
      isTaken: (name) => profiles.find(name) !== undefined,
    });
    if (!draft) return;
    const written = writtenForm(draft);
    const result = readProfile(draft.name, written);
    if (!result.ok) throw new Error(result.problems.join(' '));
    const { outcome, password } = await tryOut(result.profile, draft.password, ports);
    if (outcome === 'change') continue;
    if (outcome === 'dropped') return;
    if (password !== '') await ports.credentials.set(credentialAccount(result.profile), password);
    await writeProfile(draft.name, written, draft.level);
    await profiles.refresh();
    if (outcome === 'works') await connections.get(draft.name).connect();
    await view.reveal(tree.connectionNode(draft.name), { expand: outcome === 'works', focus: true });
    return;
  }
}

interface TryOut {
  readonly outcome: 'works' | 'keepAnyway' | 'change' | 'dropped';
  /** The one that was given, there or on the way; empty where none was. */
  readonly password: string;
}

/** Connects once before anything is kept, so that nothing is kept that does not work unless the user wants it. */
async function tryOut(profile: Profile, given: string, ports: ConnectionPorts): Promise<TryOut> {
  let password = given;
  const connection = new Connection(profile, {
    ...ports,
    credentials: {
      get: async (account) => (password === '' ? ports.credentials.get(account) : password),
      set: async (_account, typed) => {
        password = typed;
      },
    },
  });
  try {
    await window.withProgress(
      {
        location: ProgressLocation.Notification,
        title: `Connecting to ${profile.host}…`,
        cancellable: true,
      },
      (_progress, token) => {
        token.onCancellationRequested(() => void connection.disconnect().catch(() => undefined));
        return connection.connect();
      },
    );
    return { outcome: 'works', password };
  } catch (error) {
    return { outcome: await askAfterFailure(error), password };
  } finally {
    await connection.disconnect();
  }
}

async function askAfterFailure(error: unknown): Promise<'keepAnyway' | 'change' | 'dropped'> {
  const options = { modal: true, detail: errorText(error) };
  const chosen = await window.showWarningMessage(
    'The connection does not work yet.',
    options,
    'Change',
    'Save Anyway',
  );
  if (chosen === 'Change') return 'change';
  return chosen === 'Save Anyway' ? 'keepAnyway' : 'dropped';
}
