import { ConfigurationTarget, type Disposable, Uri, workspace } from 'vscode';
import type { SettingLevels, WriteLevel } from './profileLevels.ts';
import type { SyncLimits } from './sync/syncPairs.ts';
import { ftpsScheme, locationOf } from './uri.ts';

const section = 'ftps';
const key = 'profiles';

/** The only reader and writer of the configuration. */
export function readLevels(): SettingLevels {
  const windowWide = workspace.getConfiguration(section, null).inspect(key);
  const trusted = workspace.isTrusted;
  // A server's own files must not define connections, nor those of a workspace that is not trusted.
  const folders = trusted
    ? (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme !== ftpsScheme)
    : [];
  return {
    user: windowWide?.globalValue,
    workspace: trusted && !isRemoteWorkspace() ? windowWide?.workspaceValue : undefined,
    folders: folders.map(({ uri }) => ({
      folder: uri.toString(),
      value: workspace.getConfiguration(section, uri).inspect(key)?.workspaceFolderValue,
    })),
  };
}

/** The path of the workspace folder that an `ftps:` address lies in. */
export function workspaceFolderOf(uri: Uri): string | undefined {
  const folder = workspace.getWorkspaceFolder(uri);
  return folder && locationOf(folder.uri).path;
}

/** Names, in lower case, of the connections that are mounted as workspace folder, each of them once. */
export function mountedNames(): readonly string[] {
  const mounted = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === ftpsScheme);
  return [...new Set(mounted.map(({ uri }) => locationOf(uri).profile))];
}

/** Bytes from which on the user is asked before a file is loaded whole. */
export function largeFileLimit(): number {
  const megabytes = workspace.getConfiguration(section, null).get<number>('largeFileLimit', 50);
  return megabytes > 0 ? megabytes * 1024 * 1024 : Number.POSITIVE_INFINITY;
}

/** Whether VS Code's own setting, which may differ by language, wants a save to replace whatever is there. */
export function isOverwritingWished(edited: Uri): boolean {
  const document = workspace.textDocuments.find(({ uri }) => uri.toString() === edited.toString());
  const resolution = workspace.getConfiguration('files', document).get('saveConflictResolution');
  return resolution === 'overwriteFileOnDisk';
}

/** Bytes that are kept for undoing syncs, and of the largest file that is read to find out whether it has changed. */
export function syncLimits(): SyncLimits {
  const configuration = workspace.getConfiguration(section, null);
  const bytes = (name: string, megabytes: number): number =>
    Math.max(0, configuration.get<number>(`sync.${name}`, megabytes)) * 1024 * 1024;
  return { snapshotLimit: bytes('snapshotLimit', 500), compareLimit: bytes('compareLimit', 10) };
}

export function onDidChangeLevels(listener: () => void): Disposable[] {
  return [
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${section}.${key}`)) listener();
    }),
    workspace.onDidChangeWorkspaceFolders(listener),
    workspace.onDidGrantWorkspaceTrust(listener),
  ];
}

export async function writeProfile(name: string, value: unknown, level: WriteLevel): Promise<void> {
  await change(level, (profiles) => ({ ...profiles, [name]: value }));
}

export async function removeProfile(name: string, level: WriteLevel): Promise<void> {
  await change(level, (profiles) =>
    Object.fromEntries(Object.entries(profiles).filter(([key]) => key !== name)),
  );
}

/** The level at which a workspace keeps what is added to it; the user's where no workspace is open or trusted. */
export function nearestLevel(): WriteLevel {
  const hasWorkspace = (workspace.workspaceFolders ?? []).length > 0 || workspace.workspaceFile !== undefined;
  return hasWorkspace && workspace.isTrusted && !isRemoteWorkspace()
    ? { level: 'workspace' }
    : { level: 'user' };
}

/** Whether the workspace's own settings lie on a server: its only root, or its file, is an `ftps:` one. */
function isRemoteWorkspace(): boolean {
  const { workspaceFile, workspaceFolders } = workspace;
  if (workspaceFile && workspaceFile.scheme !== 'untitled') return workspaceFile.scheme === ftpsScheme;
  return workspaceFile === undefined && workspaceFolders?.[0]?.uri.scheme === ftpsScheme;
}

async function change(
  level: WriteLevel,
  edit: (profiles: Readonly<Record<string, unknown>>) => Record<string, unknown>,
): Promise<void> {
  const folder = level.level === 'folder' ? Uri.parse(level.folder, true) : null;
  const configuration = workspace.getConfiguration(section, folder);
  const found = configuration.inspect<Readonly<Record<string, unknown>>>(key);
  const write = (profiles: Readonly<Record<string, unknown>> | undefined, target: ConfigurationTarget) => {
    const edited = edit(profiles ?? {});
    // With the last connection goes the setting.
    return configuration.update(key, Object.keys(edited).length > 0 ? edited : undefined, target);
  };
  switch (level.level) {
    case 'user':
      return write(found?.globalValue, ConfigurationTarget.Global);
    case 'workspace':
      return write(found?.workspaceValue, ConfigurationTarget.Workspace);
    case 'folder':
      return write(found?.workspaceFolderValue, ConfigurationTarget.WorkspaceFolder);
  }
}
