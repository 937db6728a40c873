import { commands, FileType, Uri, window, workspace } from 'vscode';
import type { ActiveProfile } from '../activeProfile.ts';
import { showWarning } from '../messages.ts';
import type { RegisterLocalFilesOptions } from '../registerLocalFiles.ts';
import { explainMapping } from '../sync/explainMapping.ts';
import type { SyncPairs } from '../sync/syncPairs.ts';
import { switchActive } from '../switchActive.ts';
import { carryOver } from './carryOver.ts';
import { chosenRows } from './chosenRows.ts';
import { compareWithServer } from './compareWithServer.ts';
import { deleteOnServer } from './deleteOnServer.ts';
import { deletionPrompts } from './deletionPrompts.ts';
import { workOnLocalCopy } from './localCopy.ts';
import { type LocalPlace, localPlaces } from './localPlaces.ts';
import { askForGitChanges, askWhichChanges } from './uploadGitChanges.ts';

export interface LocalCommandsOptions extends Omit<RegisterLocalFilesOptions, 'pairs'> {
  readonly pairs: SyncPairs;
  readonly active: ActiveProfile;
}

/** The commands about local files: on the active editor, on what is selected in the Explorer, or on what git knows. */
export type LocalCommand = keyof ReturnType<typeof localCommands>;

/** What the commands do, by their ids. They throw; the registration reports. */
export function localCommands(options: LocalCommandsOptions) {
  const { pairs, active, connections } = options;
  return {
    'ftps.switchActive': async (...values: unknown[]) => {
      const [file] = filesIn(values);
      const ofFile = file === undefined ? [] : pairs.of(file).map(({ pair }) => pair);
      await switchActive(ofFile.length > 1 ? ofFile : pairs.all(), active);
    },
    'ftps.uploadFiles': async (...values: unknown[]) => {
      await carryOver(options, await placesOf(chosenFiles(values), options), 'toRemote');
    },
    'ftps.downloadFiles': async (...values: unknown[]) => {
      await carryOver(options, await placesOf(chosenFiles(values), options), 'toLocal');
    },
    'ftps.compareWithServer': async (...values: unknown[]) => {
      const [place] = await placesOf(chosenFiles(values).slice(0, 1), options);
      if (!place) return;
      if (await isFolder(place)) await commands.executeCommand('ftps.sync', place.pair, place.path);
      else await compareWithServer(connections, place.pair, place.path);
    },
    'ftps.compareFolders': async (...values: unknown[]) => {
      const files = filesIn(values);
      const [place] = files.length > 0 ? await placesOf(files.slice(0, 1), options) : [];
      if (files.length === 0 || place) await commands.executeCommand('ftps.sync', place?.pair, place?.path);
    },
    'ftps.uploadGitChanges': async () => {
      requireTrust();
      const changes = await askForGitChanges();
      if (!changes) return;
      // Only what belongs to a server is offered.
      const isMapped = (file: string): boolean => pairs.meant(file).places.length > 0;
      const mapped = { present: changes.present.filter(isMapped), gone: changes.gone.filter(isMapped) };
      const chosen = await askWhichChanges(mapped);
      if (!chosen) return;
      if (chosen.present.length > 0) {
        await carryOver(options, await placesOf(chosen.present, options), 'toRemote');
      }
      if (chosen.gone.length > 0) {
        await deleteOnServer({ ...options, ...deletionPrompts }, await placesOf(chosen.gone, options));
      }
    },
    'ftps.workOnLocalCopy': async (...values: unknown[]) => {
      requireTrust();
      await workOnLocalCopy(options, values);
    },
  } as const;
}

/** Where files belong, after the question which connection is meant, where that is open. */
async function placesOf(
  files: readonly string[],
  { pairs, active }: Pick<LocalCommandsOptions, 'pairs' | 'active'>,
): Promise<readonly LocalPlace[]> {
  requireTrust();
  const found = localPlaces(files, pairs);
  if (found.undecided.length > 0) {
    const name = await switchActive(found.undecided, active);
    return name === undefined ? [] : placesOf(files, { pairs, active });
  }
  if (found.places.length === 0) {
    if (pairs.all().length === 0) await explainMapping();
    else
      throw new Error(
        `${listed(found.outside)} not below a folder that "sync" maps to a server, or ignored.`,
      );
  } else if (found.outside.length > 0) {
    const message = `Left out: ${listed(found.outside)} not mapped to a server, or ignored.`;
    void showWarning(message);
  }
  return found.places;
}

/** What is selected in the Explorer, else the file in the editor. */
function chosenFiles(values: readonly unknown[]): readonly string[] {
  const given = filesIn(values);
  if (given.length > 0) return given;
  const uri = window.activeTextEditor?.document.uri;
  if (uri?.scheme !== 'file') throw new Error('No local file is open in the editor.');
  return [uri.fsPath];
}

function filesIn(values: readonly unknown[]): readonly string[] {
  return chosenRows(values, isLocalUri, (uri) => uri.toString()).map(({ fsPath }) => fsPath);
}

function isLocalUri(value: unknown): value is Uri {
  return value instanceof Uri && value.scheme === 'file';
}

async function isFolder({ localPath, path }: LocalPlace): Promise<boolean> {
  if (path === '') return true;
  const { type } = await workspace.fs.stat(Uri.file(localPath));
  return (type & FileType.Directory) !== 0;
}

function requireTrust(): void {
  if (workspace.isTrusted) return;
  throw new Error('Nothing is uploaded or downloaded in a workspace that is not trusted.');
}

function listed(files: readonly string[]): string {
  const [first = ''] = files;
  const name = workspace.asRelativePath(first);
  return files.length < 2 ? `${name} is` : `${name} and ${files.length - 1} more are`;
}
