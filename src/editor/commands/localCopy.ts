import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, Uri, window } from 'vscode';
import { ifMissing } from '../../sync/systemErrors.ts';
import { localFolders } from '../localFolders.ts';
import { showInformation } from '../messages.ts';
import { syncLimits, writeProfile } from '../settings.ts';
import { whileTransferring } from '../transferProgress.ts';
import { carrying, folderPlan } from './carryText.ts';
import type { LocalCommandsOptions } from './localCommands.ts';
import { mappingPlace, settingsWith, withMapping } from './localCopyPlace.ts';
import { localCopySync } from './localCopySync.ts';
import type { Target } from './remotePick.ts';

type LocalCopyOptions = Pick<
  LocalCommandsOptions,
  'profiles' | 'pairs' | 'connections' | 'targets' | 'storage' | 'clock' | 'log'
>;

/**
 * Makes a local copy of a folder on a server and maps it, so that search, git and language servers work on its files.
 * What lies in the local folder already is left as it is.
 */
export async function workOnLocalCopy(options: LocalCopyOptions, values: readonly unknown[]): Promise<void> {
  const target = await options.targets.folder(values, 'Work on a Local Copy');
  const localFolder = target && (await askLocalFolder(target));
  if (!target || localFolder === undefined) return;
  await mkdir(localFolder, { recursive: true });
  const left = await download(options, target, localFolder);
  const isOpen = await addMapping(options, target, localFolder);
  const { name } = target.connection.profile;
  const kept = left === 0 ? '' : ` ${left} that differ here were left as they are: the Sync view shows them.`;
  const message = `${target.path} on ${name} is now worked on in ${localFolder}.${kept}`;
  const open = 'Open Folder';
  const shown = showInformation(message, ...(isOpen ? [] : [open]));
  void shown.then((chosen) =>
    chosen === open
      ? commands.executeCommand('vscode.openFolder', Uri.file(localFolder), { forceNewWindow: false })
      : undefined,
  );
}

async function askLocalFolder({ path, connection }: Target): Promise<string | undefined> {
  const [folder] = localFolders();
  const [chosen] =
    (await window.showOpenDialog({
      title: `Local folder for ${path} on ${connection.profile.name}`,
      openLabel: 'Download Here',
      canSelectFiles: false,
      canSelectFolders: true,
      ...(folder ? { defaultUri: Uri.file(folder.path) } : {}),
    })) ?? [];
  if (chosen && chosen.scheme !== 'file') throw new Error(`${chosen.toString()} is not on this computer.`);
  return chosen?.fsPath;
}

/** @returns how many were left */
async function download(options: LocalCopyOptions, target: Target, localFolder: string): Promise<number> {
  const { connection, path } = target;
  const { name } = connection.profile;
  const { kind } = placeOfMapping(options, target, localFolder).place;
  const { log } = options;
  await using sync = localCopySync({ ...options, limits: syncLimits() }, target, localFolder, kind);
  return await whileTransferring(`Downloading ${path} from ${name}`, async (signal, progress) => {
    await connection.connect();
    const { steps } = await sync.review(carrying('toLocal'), signal);
    const { safe, risky, stuck } = folderPlan(steps, [''], 'toLocal');
    let [files, bytes] = [0, 0];
    const { outcomes } = await sync.apply(
      safe,
      ({ step, error }) => {
        if (error || step.kind !== 'file') return;
        files++;
        bytes += step.bytes;
        progress.ofFolder({ files, bytes, path: step.path });
      },
      signal,
    );
    signal.throwIfAborted();
    const errors = outcomes.flatMap(({ error }) => (error ? [error] : []));
    for (const error of errors) log.error(error.message);
    const [first] = errors;
    if (first) throw first;
    return risky.length + stuck.length;
  });
}

function placeOfMapping({ profiles }: LocalCopyOptions, { connection }: Target, localFolder: string) {
  const stored = profiles.find(connection.profile.name);
  if (!stored) throw new Error(`There is no connection "${connection.profile.name}" any more.`);
  return { stored, place: mappingPlace(stored.source, localFolders(), localFolder) };
}

/** @returns whether the copy lies in the workspace that is open */
async function addMapping(options: LocalCopyOptions, target: Target, localFolder: string): Promise<boolean> {
  const { path } = target;
  const { stored, place } = placeOfMapping(options, target, localFolder);
  const mapping = { remote: path, direction: 'both' };
  if (place.kind === 'workspace') {
    const keeps = stored.source.level !== 'user';
    const value = withMapping(stored.value, { local: place.local, ...mapping }, keeps);
    await writeProfile(stored.name, value, place.level);
    return true;
  }
  const file = join(localFolder, '.vscode', 'settings.json');
  const text = await readFile(file, 'utf8').catch(ifMissing(''));
  const value = withMapping(stored.value, { local: '', ...mapping }, false);
  await mkdir(join(localFolder, '.vscode'), { recursive: true });
  await writeFile(file, settingsWith(text, stored.name, value));
  return false;
}
