import { existsSync } from 'node:fs';
import { lstat, mkdir } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import { env, UIKind, Uri, window, workspace } from 'vscode';
import { isFolder } from '../../remote/remoteEntry.ts';
import { baseName, joinPath } from '../../remote/remotePath.ts';
import { sizeText } from '../entryText.ts';
import { showInformation } from '../messages.ts';
import { whileTransferring } from '../transferProgress.ts';
import type { CommandTable } from './commandTable.ts';
import type { Target } from './remotePick.ts';
import type { Targets } from './targets.ts';

export function transferCommands(targets: Targets): CommandTable {
  return {
    'ftps.upload': async (...values) => {
      const target = await targets.folder(values, 'Upload Here');
      const chosen = target && (await askLocalSources(target.path));
      if (!target || !chosen) return;
      const present = await namesOnServer(target);
      const replaced = chosen.map((source) => basename(source)).filter((name) => present.has(name));
      if (!(await mayReplace(target.path, replaced))) return;
      for (const source of chosen) await upload(source, target);
    },

    'ftps.download': async (...values) => {
      const chosen = await targets.several(values, 'Download');
      const [only] = chosen;
      if (!only) return;
      if (chosen.length === 1 && only.entry && !isFolder(only.entry)) {
        await downloadOne(only);
        return;
      }
      const folder = await askLocalFolder();
      if (folder === undefined) return;
      await downloadInto(folder, chosen);
    },
  };
}

async function askLocalSources(path: string): Promise<readonly string[] | undefined> {
  // A native dialog picks either files or folders; that of macOS and the one in the browser pick both.
  const both = process.platform === 'darwin' || env.uiKind === UIKind.Web;
  const kind = both ? 'both' : await askKind();
  if (kind === undefined) return undefined;
  const uris = await window.showOpenDialog({
    title: `Upload to ${path}`,
    openLabel: 'Upload',
    canSelectFiles: kind !== 'folders',
    canSelectFolders: kind !== 'files',
    canSelectMany: true,
  });
  return uris?.map(localPath);
}

async function askKind(): Promise<'files' | 'folders' | undefined> {
  const files = { label: 'Files...', wants: 'files' } as const;
  const folders = { label: 'Folders...', wants: 'folders' } as const;
  const chosen = await window.showQuickPick([files, folders], { placeHolder: 'What to upload' });
  return chosen?.wants;
}

async function namesOnServer({ connection, path }: Target): Promise<ReadonlySet<string>> {
  const { entries } = await connection.run((files) => files.list(path, { fresh: true }), { gesture: true });
  return new Set(entries.map(({ name }) => name));
}

/** A transfer replaces what is there, so that is named first. */
async function mayReplace(folder: string, names: readonly string[]): Promise<boolean> {
  const [first] = names;
  if (first === undefined) return true;
  const message =
    names.length === 1
      ? `"${first}" is already in ${folder}. Replace it?`
      : `${names.length} of these are already in ${folder}. Replace them?`;
  const detail = [
    ...(names.length > 1 ? names.slice(0, 10) : []),
    'Files in a folder of the same name are replaced one by one; others there stay.',
  ].join('\n');
  return (await window.showWarningMessage(message, { modal: true, detail }, 'Replace')) === 'Replace';
}

async function upload(source: string, { connection, path }: Target): Promise<void> {
  const target = joinPath(path, basename(source));
  const { size, isFolder } = await localFacts(source);
  await whileTransferring(`Uploading ${basename(source)}`, (signal, progress) =>
    connection.run(
      async (files) => {
        if (isFolder) {
          await files.uploadDirectory(source, target, { onProgress: progress.ofFolder }, signal);
        } else {
          await files.upload(source, target, { onProgress: progress.ofFile(size) }, signal);
        }
      },
      { gesture: true },
    ),
  );
}

async function localFacts(path: string): Promise<{ readonly size: number; readonly isFolder: boolean }> {
  const facts = await lstat(path);
  return { size: facts.size, isFolder: facts.isDirectory() };
}

async function downloadOne(target: Target): Promise<void> {
  const name = baseName(target.path);
  const folder = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
  const chosen = await window.showSaveDialog({
    title: `Download ${name} (${sizeText(target.entry?.size ?? 0)})`,
    saveLabel: 'Download',
    ...(folder ? { defaultUri: Uri.joinPath(folder, name) } : {}),
  });
  if (chosen) await download(target, localPath(chosen));
}

async function askLocalFolder(): Promise<string | undefined> {
  const [folder] =
    (await window.showOpenDialog({
      title: 'Download to',
      openLabel: 'Download',
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  return folder && localPath(folder);
}

async function downloadInto(folder: string, chosen: readonly Target[]): Promise<void> {
  const { downloadPlaces } = await import('./downloadPlaces.ts');
  const { downloads, areApart } = downloadPlaces(folder, chosen);
  const present = downloads.map(({ place }) => place).filter((place) => existsSync(place));
  const replaced = present.map((place) => relative(folder, place));
  if (!(await mayReplace(folder, replaced))) return;
  if (areApart) {
    const message = `Some of these have the same name: in ${folder} each goes into a folder with its connection's name, at its path on the server.`;
    void showInformation(message);
  }
  for (const { source, place } of downloads) {
    // One of those before it, whose name the disk takes for the same.
    if (!present.includes(place) && existsSync(place)) {
      throw new Error(
        `${source.path} was not downloaded: this computer takes ${place} for something that was just downloaded. Download it to another folder.`,
      );
    }
    await mkdir(dirname(place), { recursive: true });
    await download(source, place);
  }
}

async function download({ connection, path, entry }: Target, place: string): Promise<void> {
  await whileTransferring(`Downloading ${baseName(path) || connection.profile.name}`, (signal, progress) =>
    connection.run(
      async (files) => {
        if (!entry || isFolder(entry)) {
          await files.downloadDirectory(path, place, { onProgress: progress.ofFolder }, signal);
        } else {
          await files.download(path, place, { onProgress: progress.ofFile(entry.size) }, signal);
        }
      },
      { gesture: true },
    ),
  );
}

function localPath(uri: Uri): string {
  if (uri.scheme !== 'file') throw new Error(`${uri.toString()} is not on this computer.`);
  return uri.fsPath;
}
