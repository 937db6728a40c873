import { type QuickPickItem, ThemeIcon, window } from 'vscode';
import { isFolder, type RemoteEntry } from '../../remote/remoteEntry.ts';
import { parentPath } from '../../remote/remotePath.ts';
import { isTemporaryName } from '../../remote/temporaryName.ts';
import type { Connection } from '../connection.ts';
import { sortedEntries } from '../entryText.ts';
import { listFolder } from '../listFolder.ts';

export type Wanted = 'file' | 'folder' | 'any';

/** A place on a server; `entry` is absent for the root of a connection. */
export interface Target {
  readonly connection: Connection;
  readonly path: string;
  readonly entry?: RemoteEntry | undefined;
}

interface Choice extends QuickPickItem {
  /** Where to go on, or what was chosen. */
  readonly path: string;
  readonly entry?: RemoteEntry | undefined;
  readonly chosen: boolean;
}

/** Lets the user walk through the folders of a connection until something is chosen. */
export async function pickRemote(
  connection: Connection,
  wanted: Wanted,
  title: string,
): Promise<Target | undefined> {
  let path = connection.profile.remotePath;
  let entry: RemoteEntry | undefined;
  for (;;) {
    const choice: Choice | undefined = await window.showQuickPick(choices(connection, wanted, path, entry), {
      title: `${title}: ${path}`,
      placeHolder: placeholders[wanted],
      matchOnDescription: true,
    });
    if (!choice) return undefined;
    if (choice.chosen) return { connection, path: choice.path, entry: choice.entry };
    ({ path, entry } = choice);
  }
}

const placeholders: Readonly<Record<Wanted, string>> = {
  file: 'Choose a file',
  folder: 'Choose a folder',
  any: 'Choose a file or folder',
};

async function choices(
  connection: Connection,
  wanted: Wanted,
  path: string,
  current: RemoteEntry | undefined,
): Promise<Choice[]> {
  const entries = await connection.run((files) => listFolder(files, path), { gesture: true });
  const root = path === connection.profile.remotePath;
  const here: Choice = {
    label: 'This folder',
    description: path,
    iconPath: new ThemeIcon('check'),
    path,
    entry: current,
    chosen: true,
  };
  const up: Choice = {
    label: '..',
    iconPath: new ThemeIcon('arrow-up'),
    path: parentPath(path),
    chosen: false,
  };
  const mayChooseHere = wanted === 'folder' || (wanted === 'any' && !root);
  const offered = entries.filter(
    (entry) => !isTemporaryName(entry.name) && (wanted !== 'folder' || isFolder(entry)),
  );
  return [
    ...(mayChooseHere ? [here] : []),
    ...(root ? [] : [up]),
    ...sortedEntries(offered).map((entry) => ({
      label: entry.name,
      iconPath: isFolder(entry) ? ThemeIcon.Folder : ThemeIcon.File,
      path: entry.path,
      entry,
      chosen: !isFolder(entry),
    })),
  ];
}
