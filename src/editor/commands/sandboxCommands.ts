import type { TreeView } from 'vscode';
import type { Connections } from '../connections.ts';
import { forgetContext } from '../forgetContext.ts';
import type { Sandbox } from '../sandbox.ts';
import type { RemoteTree } from '../tree/remoteTree.ts';
import type { TreeNode } from '../tree/treeNode.ts';
import { whileBusy } from '../whileBusy.ts';
import type { CommandTable } from './commandTable.ts';

export interface SandboxCommandsOptions {
  readonly sandbox: Sandbox;
  readonly connections: Connections;
  readonly tree: RemoteTree;
  readonly view: TreeView<TreeNode>;
}

export function sandboxCommands({ sandbox, connections, tree, view }: SandboxCommandsOptions): CommandTable {
  forgetContext('ftps.sandboxRuns');
  return {
    'ftps.startSandbox': () =>
      whileBusy(async () => {
        const name = await sandbox.start();
        await connections.get(name).connect();
        await view.reveal(tree.connectionNode(name), { expand: true, focus: true });
      }),
    'ftps.stopSandbox': () =>
      whileBusy(async () => {
        const name = await sandbox.stop();
        if (name !== undefined) await connections.disconnect(name);
      }),
  };
}
