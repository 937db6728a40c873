import { Disposable, type LogOutputChannel } from 'vscode';
import type { Clock } from '../client/clock.ts';
import { lazyCommands } from './commands/lazyCommands.ts';
import type { LocalCommand } from './commands/localCommands.ts';
import type { Targets } from './commands/targets.ts';
import type { Connections } from './connections.ts';
import type { ProfileStore } from './profileStore.ts';
import { registerActiveProfile } from './registerActiveProfile.ts';
import type { Report } from './report.ts';
import type { LazySyncPairs } from './sync/lazySyncPairs.ts';
import { registerSyncDecorations } from './syncDecorations.ts';

export interface RegisterLocalFilesOptions {
  readonly pairs: LazySyncPairs;
  readonly profiles: ProfileStore;
  readonly connections: Connections;
  readonly targets: Targets;
  /** A folder of the product's own, outside of every workspace. */
  readonly storage: string;
  readonly clock: Clock;
  readonly log: Pick<LogOutputChannel, 'info' | 'error'>;
  readonly report: Report;
}

const commandIds: readonly LocalCommand[] = [
  'ftps.switchActive',
  'ftps.uploadFiles',
  'ftps.downloadFiles',
  'ftps.compareWithServer',
  'ftps.compareFolders',
  'ftps.uploadGitChanges',
  'ftps.workOnLocalCopy',
];

/** What can be done with local files that belong to a server. All behind the commands is loaded when one is used. */
export function registerLocalFiles(options: RegisterLocalFilesOptions): Disposable {
  const load = async () => {
    const { localCommands } = await import('./commands/localCommands.ts');
    return localCommands({ ...options, pairs: await options.pairs.get(), active: options.pairs.active });
  };
  return Disposable.from(
    options.pairs,
    registerActiveProfile(options),
    registerSyncDecorations(options.pairs.marks),
    // What was compared is not what would be changed any more.
    { dispose: options.profiles.onDidChange.add(() => options.pairs.marks.clear()) },
    lazyCommands(commandIds, load, options.report),
  );
}
