import { commands, type LogOutputChannel, type TreeView, Uri, window, workspace } from 'vscode';
import { credentialAccount, hostKey, passphraseAccount } from '../../remote/profile.ts';
import type { CertificateTrust } from '../certificateTrust.ts';
import { sourceText } from '../connectionText.ts';
import type { Connections } from '../connections.ts';
import type { Credentials } from '../credentials.ts';
import { moveFolders } from '../folderMove.ts';
import { prompts } from '../prompts.ts';
import { writeLevels } from '../profileLevels.ts';
import type { ProfileStore, StoredProfile } from '../profileStore.ts';
import { removeProfile } from '../settings.ts';
import type { RemoteTree } from '../tree/remoteTree.ts';
import { isPlace, isTreeNode, type TreeNode } from '../tree/treeNode.ts';
import { addressOf } from '../uri.ts';
import type { CommandTable } from './commandTable.ts';
import type { Targets } from './targets.ts';

export interface ConnectionCommandsOptions {
  readonly profiles: ProfileStore;
  readonly connections: Connections;
  readonly credentials: Credentials;
  readonly trust: CertificateTrust;
  readonly targets: Pick<Targets, 'profile' | 'folder'>;
  readonly tree: Pick<RemoteTree, 'connectionNode' | 'refresh'>;
  readonly view: Pick<TreeView<TreeNode>, 'reveal'>;
  readonly log: Pick<LogOutputChannel, 'show'>;
}

export function connectionCommands(options: ConnectionCommandsOptions): CommandTable {
  const { profiles, connections, credentials, targets, tree, view, log } = options;
  return {
    'ftps.connect': async (...values) => {
      const stored = await targets.profile(values, 'Connect');
      if (!stored) return;
      await connections.get(stored.name).connect();
      await view.reveal(tree.connectionNode(stored.name), { expand: true, select: false });
    },

    'ftps.disconnect': async (...values) => {
      const stored = await targets.profile(values, 'Disconnect');
      if (stored) await connections.disconnect(stored.name);
    },

    'ftps.refresh': async (node) => {
      if (!isTreeNode(node) || !isPlace(node)) {
        await profiles.refresh();
        tree.refresh();
        return;
      }
      const connection = connections.get(node.connection);
      if (connection.state.kind === 'failed') await connection.connect();
      tree.refresh(node);
    },

    'ftps.setPassword': async (...values) => {
      const stored = await targets.profile(values, 'Set Password');
      if (!stored?.result.ok) return;
      const { profile } = stored.result;
      const password = await prompts.password(profile, undefined);
      if (password !== undefined) await credentials.set(credentialAccount(profile), password);
    },

    'ftps.editConnection': async (...values) => {
      const stored = await targets.profile(values, 'Edit Connection');
      if (!stored) return;
      const { openSettingsAt } = await import('./openSettings.ts');
      await openSettingsAt(stored);
    },

    'ftps.removeConnection': async (...values) => {
      const stored = await targets.profile(values, 'Remove Connection');
      if (stored && (await confirmRemoval(stored))) await remove(stored, options);
    },

    'ftps.openAsWorkspaceFolder': async (...values) => {
      const target = await targets.folder(values, 'Open as Workspace Folder');
      if (!target) return;
      const { name } = target.connection.profile;
      // Before the window may reload: afterwards the settings that define the connection can be out of reach.
      const move = await profiles.remember(name);
      if (!move || (await moveFolders(profiles, move))) await openFolder(name, target.path);
    },

    'ftps.showLog': async () => log.show(),
  };
}

async function confirmRemoval(stored: StoredProfile): Promise<boolean> {
  const { name, source } = stored;
  const from = writeLevels(source).length > 1 ? `It is removed from ${sourceText(stored)}. ` : '';
  const detail = `${from}Its password is removed with it. Nothing on the server changes.`;
  const message = `Remove the connection "${name}"?`;
  return (await window.showWarningMessage(message, { modal: true, detail }, 'Remove')) === 'Remove';
}

/** What another connection of this window still uses is kept. */
async function remove(stored: StoredProfile, options: ConnectionCommandsOptions): Promise<void> {
  const { profiles, connections, credentials, trust } = options;
  const connection = stored.result.ok ? connections.get(stored.name) : undefined;
  for (const level of writeLevels(stored.source)) await removeProfile(stored.name, level);
  await profiles.forget(stored);
  if (!stored.result.ok) return;
  const { profile } = stored.result;
  const others = profiles.all().flatMap(({ result }) => (result.ok ? [result.profile] : []));
  const account = credentialAccount(profile);
  if (!others.some((other) => credentialAccount(other) === account)) {
    await credentials.delete(account);
    await connection?.forgetServer();
  }
  const keyAccount = passphraseAccount(profile);
  if (profile.tls.clientCertificate && !others.some((other) => passphraseAccount(other) === keyAccount)) {
    await credentials.delete(keyAccount);
  }
  if (!others.some((other) => hostKey(other) === hostKey(profile))) await trust.forget(profile);
}

async function openFolder(connection: string, path: string): Promise<void> {
  const uri = Uri.from(addressOf(connection, path));
  const { workspaceFile, workspaceFolders = [] } = workspace;
  if (workspaceFolders.some((folder) => folder.uri.toString() === uri.toString())) {
    await commands.executeCommand('revealInExplorer', uri);
    return;
  }
  if (workspaceFile === undefined) {
    await commands.executeCommand('vscode.openFolder', uri);
    return;
  }
  const name = path === '/' ? connection : `${path.slice(path.lastIndexOf('/') + 1)} (${connection})`;
  if (!workspace.updateWorkspaceFolders(workspaceFolders.length, 0, { uri, name })) {
    throw new Error('VS Code did not add the folder to the workspace.');
  }
  await commands.executeCommand('workbench.view.explorer');
}
