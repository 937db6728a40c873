import { join } from 'node:path';
import { type ExtensionContext, window, workspace } from 'vscode';
import { systemClock } from './client/clock.ts';
import { announceOnce } from './editor/announce.ts';
import { CertificateTrust } from './editor/certificateTrust.ts';
import { addConnectionCommand } from './editor/commands/addConnectionCommand.ts';
import { registerCommands } from './editor/commands/commandTable.ts';
import { connectionCommands } from './editor/commands/connectionCommands.ts';
import { fileCommands } from './editor/commands/fileCommands.ts';
import { sandboxCommands } from './editor/commands/sandboxCommands.ts';
import { Targets } from './editor/commands/targets.ts';
import { transferCommands } from './editor/commands/transferCommands.ts';
import { Connection } from './editor/connection.ts';
import { createPorts } from './editor/connectionPorts.ts';
import { Connections } from './editor/connections.ts';
import { adoptDemo } from './editor/demo.ts';
import { createLoadedVersions, followDocuments } from './editor/documentVersions.ts';
import { FtpsFileSystem } from './editor/fileSystemProvider.ts';
import { registerFolderMoves } from './editor/folderMove.ts';
import { LeftoverOffer } from './editor/leftoverOffer.ts';
import { createLog } from './editor/log.ts';
import { MountedMemory } from './editor/mountedMemory.ts';
import { isOpenInEditor } from './editor/openEditors.ts';
import { ProfileStore } from './editor/profileStore.ts';
import { registerLocalFiles } from './editor/registerLocalFiles.ts';
import { createReport } from './editor/report.ts';
import { Sandbox, type StartSandbox } from './editor/sandbox.ts';
import { createCredentials } from './editor/secretStorage.ts';
import { mountedNames, onDidChangeLevels, readLevels, workspaceFolderOf } from './editor/settings.ts';
import { LazySyncPairs } from './editor/sync/lazySyncPairs.ts';
import { registerSync } from './editor/sync/registerSync.ts';
import { RemoteTree } from './editor/tree/remoteTree.ts';
import { ftpsScheme } from './editor/uri.ts';
import { registerUploadOnSave } from './editor/uploadOnSave.ts';
import type { Profile } from './remote/profile.ts';

/** Builds the product and registers it; nothing is contacted before the user asks for it. */
export function activate(context: ExtensionContext): void {
  const clock = systemClock;
  const log = createLog();
  const report = createReport(log);
  const storage = context.globalStorageUri.fsPath;
  const credentials = createCredentials(context, clock, log);
  const trust = new CertificateTrust(context.globalState);
  const memory = new MountedMemory(join(storage, 'mounted.json'));
  const profiles = new ProfileStore({ readLevels, mountedNames, memory });

  const demo = process.env['FTPS_EXPLORER_DEMO'];
  const prepared = demo === undefined ? undefined : adoptDemo(demo, credentials, trust).catch(report);
  // The server is a bundle of its own, which nobody loads who does not start it.
  const load = (): StartSandbox => module.require(context.asAbsolutePath('dist/server.cjs')).startSandbox;
  const sandbox = new Sandbox({ folder: join(storage, 'sandbox'), load, profiles, credentials, trust, log });
  const isStoppedSandbox = (profile: Profile) => sandbox.isStoppedFor(profile);
  const ports = createPorts({ credentials, trust, prepared, isStoppedSandbox, storage, clock, log });
  const connections = new Connections(profiles, (profile) => new Connection(profile, ports));
  const leftovers = new LeftoverOffer(report, clock);
  const onListed = leftovers.look.bind(leftovers);
  const tree = new RemoteTree({ profiles, connections, onListed });
  const versions = createLoadedVersions();
  const announce = announceOnce(log);
  const files = new FtpsFileSystem({ connections, versions, isOpenInEditor, workspaceFolderOf, announce });
  const view = window.createTreeView('ftps.connections', {
    treeDataProvider: tree,
    canSelectMany: true,
    showCollapseAll: true,
  });
  const remembered = context.workspaceState;
  const pairs = new LazySyncPairs({ profiles, connections, storage, clock, memory: remembered, onListed });
  const targets = new Targets({ profiles, connections, tree, view });

  context.subscriptions.push(
    tree,
    files,
    followDocuments(versions),
    view,
    { dispose: () => void sandbox.stop().catch(() => undefined) },
    { dispose: () => void connections.closeAll() },
    ...onDidChangeLevels(() => void profiles.refresh().catch(report)),
    workspace.registerFileSystemProvider(ftpsScheme, files, { isCaseSensitive: true }),
    registerFolderMoves(profiles, report),
    registerLocalFiles({ pairs, profiles, connections, targets, storage, clock, log, report }),
    registerUploadOnSave({ pairs, profiles, connections, log, report, clock, storage }),
    registerSync({ pairs, profiles, connections, log, report }),
    registerCommands(
      [
        addConnectionCommand({ profiles, connections, ports, tree, view }),
        connectionCommands({ profiles, connections, credentials, trust, targets, tree, view, log }),
        fileCommands(targets),
        transferCommands(targets),
        sandboxCommands({ sandbox, connections, tree, view }),
      ],
      report,
    ),
    // The last one: what ends before it may still have something to say.
    log,
  );
  void profiles.refresh().catch(report);
}
