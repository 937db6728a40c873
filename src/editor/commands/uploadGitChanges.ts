import { lstat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Event, type QuickPickItem, QuickPickItemKind, extensions, window, workspace } from 'vscode';
import { showInformation } from '../messages.ts';
import { type GitChange, type GitFiles, gitFiles } from './gitChanges.ts';

/** What is used of the public API of VS Code's git extension (version 1). */
interface GitExtension {
  /** False where the user has turned git off. */
  readonly enabled: boolean;
  getAPI(version: 1): GitApi;
}

interface GitApi {
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: Event<GitApi['state']>;
  readonly repositories: readonly GitRepository[];
}

interface GitRepository {
  readonly rootUri: { readonly fsPath: string };
  readonly state: {
    readonly untrackedChanges?: readonly GitChange[];
    readonly workingTreeChanges: readonly GitChange[];
  };
  /** Reads the state anew. */
  status(): Promise<void>;
  diffWith(ref: string): Promise<readonly GitChange[]>;
  log(options: { readonly maxEntries: number }): Promise<readonly GitCommit[]>;
  getRefs(query: { readonly sort: 'committerdate' }): Promise<readonly GitRef[]>;
}

interface GitCommit {
  readonly hash: string;
  readonly message: string;
  readonly authorDate?: Date;
}

interface GitRef {
  readonly name?: string;
  readonly commit?: string;
}

/** Lets the user choose since when, and then which of the files that have changed since. */
export async function askForGitChanges(): Promise<GitFiles | undefined> {
  const repository = await askRepository(await gitRepositories());
  if (!repository) return undefined;
  const ref = await askRef(repository);
  if (ref === undefined) return undefined;
  // What it tells of files that git does not know may be older than the disk.
  await repository.status();
  const { state } = repository;
  // What git does not know yet has changed since any commit.
  const changes = [
    ...(await repository.diffWith(ref)),
    ...state.workingTreeChanges,
    ...(state.untrackedChanges ?? []),
  ];
  return await gitFiles(changes, async (path) => {
    const stats = await lstat(path).catch(() => undefined);
    return stats !== undefined && !stats.isDirectory();
  });
}

async function gitRepositories(): Promise<readonly GitRepository[]> {
  const extension = await extensions.getExtension<GitExtension>('vscode.git')?.activate();
  if (!extension?.enabled) throw new Error("This needs VS Code's own support for git, which is turned off.");
  const api = extension.getAPI(1);
  // Right after the window has opened it is still looking for them.
  if (api.state !== 'initialized') await once(api.onDidChangeState);
  if (api.repositories.length === 0) throw new Error('No git repository is open in this window.');
  return api.repositories;
}

function once(event: Event<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const listening = event(() => {
      listening.dispose();
      resolve();
    });
  });
}

async function askRepository(repositories: readonly GitRepository[]): Promise<GitRepository | undefined> {
  if (repositories.length < 2) return repositories[0];
  const items = repositories.map((repository) => ({
    label: basename(repository.rootUri.fsPath),
    description: repository.rootUri.fsPath,
    repository,
  }));
  return (await window.showQuickPick(items, { placeHolder: 'Which repository?' }))?.repository;
}

async function askRef(repository: GitRepository): Promise<string | undefined> {
  const [commits, refs] = await Promise.all([
    repository.log({ maxEntries: 50 }),
    repository.getRefs({ sort: 'committerdate' }),
  ]);
  const separator = (label: string) => ({ label, kind: QuickPickItemKind.Separator, ref: '' });
  const items: readonly (QuickPickItem & { readonly ref: string })[] = [
    { label: '$(git-commit) HEAD', description: 'What is not committed', ref: 'HEAD' },
    separator('Commits'),
    ...commits.map(({ hash, message, authorDate }) => ({
      label: `$(git-commit) ${message.split('\n')[0]}`,
      description: [hash.slice(0, 8), authorDate?.toLocaleString()].filter(Boolean).join(' · '),
      ref: hash,
    })),
    separator('Branches and Tags'),
    ...refs.flatMap(({ name, commit }) =>
      name === undefined || commit === undefined
        ? []
        : [{ label: `$(git-branch) ${name}`, description: commit.slice(0, 8), ref: commit }],
    ),
  ];
  const placeHolder = 'Upload files changed since...';
  return (await window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.ref;
}

/** Which of them; all are checked, but for those that would be deleted on the server. */
export async function askWhichChanges({ present, gone }: GitFiles): Promise<GitFiles | undefined> {
  if (present.length + gone.length === 0) {
    void showInformation('Nothing has changed since.');
    return undefined;
  }
  const item = (path: string, isGone: boolean) => ({
    label: `$(${isGone ? 'trash' : 'cloud-upload'}) ${workspace.asRelativePath(path)}`,
    ...(isGone ? { description: 'deleted here: delete on the server too' } : {}),
    picked: !isGone,
    path,
    isGone,
  });
  const items = [...present.map((path) => item(path, false)), ...gone.map((path) => item(path, true))];
  const chosen = await window.showQuickPick(items, {
    title: 'Upload Changed Files',
    placeHolder: 'Which files?',
    canPickMany: true,
    matchOnDescription: true,
  });
  return (
    chosen && {
      present: chosen.filter(({ isGone }) => !isGone).map(({ path }) => path),
      gone: chosen.filter(({ isGone }) => isGone).map(({ path }) => path),
    }
  );
}
