import { commands, env, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import { baseName, isInside, joinPath, parentPath } from '../../remote/remotePath.ts';
import type { Connection } from '../connection.ts';
import { firstNames } from '../firstNames.ts';
import { addressOf, ftpsScheme, locationOf } from '../uri.ts';
import { whileBusy } from '../whileBusy.ts';
import type { CommandTable } from './commandTable.ts';
import { askName } from './nameInput.ts';
import type { Target } from './remotePick.ts';
import type { Targets } from './targets.ts';

export function fileCommands(targets: Targets): CommandTable {
  return {
    'ftps.open': async (...values) => {
      const target = await targets.one(values, 'file', 'Open');
      if (target) await commands.executeCommand('vscode.open', addressOfTarget(target));
    },

    'ftps.newFile': async (...values) => {
      const target = await targets.folder(values, 'New File');
      if (!target) return;
      const path = await askNewPath(target, 'New File');
      if (path === undefined) return;
      const empty = new Uint8Array();
      await whileBusy(async () => {
        await target.connection.run(
          (files) => files.writeFile(path, empty, { create: true, overwrite: false }),
          { gesture: true },
        );
      });
      await commands.executeCommand('vscode.open', addressOfTarget({ ...target, path }));
    },

    'ftps.newFolder': async (...values) => {
      const target = await targets.folder(values, 'New Folder');
      if (!target) return;
      const path = await askNewPath(target, 'New Folder');
      if (path === undefined) return;
      await whileBusy(() => target.connection.run((files) => files.createDirectory(path), { gesture: true }));
    },

    'ftps.rename': async (...values) => {
      const target = await targets.one(values, 'any', 'Rename');
      if (!target?.entry) return;
      const { connection, path } = target;
      const folder = parentPath(path);
      const value = baseName(path);
      const name = await askName({
        title: `Rename ${value}`,
        value,
        taken: await namesIn(connection, folder),
      });
      if (name === undefined || name === value) return;
      await whileBusy(() => move(connection, path, joinPath(folder, name)));
    },

    'ftps.delete': async (...values) => {
      // A connection stands for a folder too, but not for one that could be deleted.
      const chosen = await targets.several(values, 'Delete', ({ entry }) => entry !== undefined);
      if (chosen.length === 0 || !(await confirmDelete(chosen))) return;
      await whileBusy(async () => {
        for (const { connection, path, entry } of chosen) {
          const recursive = entry?.type === 'directory';
          await connection.run((files) => files.delete(path, { recursive }), { gesture: true });
        }
      });
    },

    'ftps.copyPath': async (...values) => {
      const chosen = await targets.several(values, 'Copy Path');
      if (chosen.length > 0) await env.clipboard.writeText(chosen.map(({ path }) => path).join('\n'));
    },
  };
}

function addressOfTarget({ connection, path }: Target): Uri {
  return Uri.from(addressOf(connection.profile.name, path));
}

async function askNewPath({ connection, path }: Target, title: string): Promise<string | undefined> {
  const name = await askName({ title: `${title} in ${path}`, taken: await namesIn(connection, path) });
  return name === undefined ? undefined : joinPath(path, name);
}

async function namesIn(connection: Connection, folder: string): Promise<ReadonlySet<string>> {
  const { entries } = await connection.run((files) => files.list(folder), { gesture: true });
  return new Set(entries.map(({ name }) => name));
}

/** Open editors follow a rename only when VS Code makes it. */
async function move(connection: Connection, from: string, to: string): Promise<void> {
  if (!isOpenBelow(connection, from)) {
    await connection.run((files) => files.rename(from, to, { overwrite: false }), { gesture: true });
    return;
  }
  const edit = new WorkspaceEdit();
  edit.renameFile(
    Uri.from(addressOf(connection.profile.name, from)),
    Uri.from(addressOf(connection.profile.name, to)),
    { overwrite: false },
  );
  if (!(await workspace.applyEdit(edit))) {
    throw new Error(`${from} could not be renamed to ${baseName(to)}. The log says why.`);
  }
}

function isOpenBelow({ profile }: Connection, path: string): boolean {
  return workspace.textDocuments.some(({ uri }) => {
    if (uri.scheme !== ftpsScheme) return false;
    const location = locationOf(uri);
    return location.profile === profile.name.toLowerCase() && isInside(path, location.path);
  });
}

async function confirmDelete(chosen: readonly Target[]): Promise<boolean> {
  const [first] = chosen;
  if (!first?.entry) return false;
  const connections = [...new Set(chosen.map(({ connection }) => connection.profile.name))];
  const what = chosen.length === 1 ? `"${first.entry.name}"` : `these ${chosen.length} files and folders`;
  const message = `Delete ${what} from ${connections.join(' and ')}?`;
  const placeOf = ({ connection, path }: Target): string =>
    connections.length === 1 ? path : `${connection.profile.name}: ${path}`;
  const paths = chosen.length === 1 ? [] : chosen.map(placeOf);
  const hasFolder = chosen.some(({ entry }) => entry?.type === 'directory');
  const hasLink = chosen.some(({ entry }) => entry?.type === 'link');
  const detail = [
    ...firstNames(paths),
    ...(hasFolder ? ['Everything inside a folder is deleted with it.'] : []),
    ...(hasLink ? ['Of a link only the link is deleted, not what it points to.'] : []),
    'This cannot be undone.',
  ].join('\n');
  return (await window.showWarningMessage(message, { modal: true, detail }, 'Delete')) === 'Delete';
}
