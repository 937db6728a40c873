import { commands, Disposable, Uri, window } from 'vscode';
import type { Clock } from '../client/clock.ts';
import type { UndecidedFile } from './activeProfile.ts';
import { LazyValue } from './lazyValue.ts';
import { showWarning } from './messages.ts';
import type { ProfileStore } from './profileStore.ts';
import type { Report } from './report.ts';
import type { LazySyncPairs } from './sync/lazySyncPairs.ts';
import { isMapped } from './sync/syncTree.ts';
import { UndecidedFiles } from './undecidedFiles.ts';
import { undecidedText } from './undecidedText.ts';

export interface RegisterActiveProfileOptions {
  readonly pairs: Pick<LazySyncPairs, 'get' | 'active'>;
  readonly profiles: Pick<ProfileStore, 'all' | 'onDidChange'>;
  readonly clock: Pick<Clock, 'after'>;
  readonly report: Report;
}

/** Shows where files go, and whether the one in the editor goes anywhere, for the menus. */
export function registerActiveProfile(options: RegisterActiveProfileOptions): Disposable {
  const { pairs, profiles, clock, report } = options;
  const { active } = pairs;
  let cancel: () => void = () => undefined;
  const status = new LazyValue(async () => {
    const { ActiveProfileStatus } = await import('./activeProfileStatus.ts');
    return new ActiveProfileStatus(await pairs.get(), active);
  });
  const show = async (): Promise<void> => {
    const maps = isMapped(profiles);
    await commands.executeCommand('setContext', 'ftps.isMapped', maps);
    // Who maps nothing loads nothing.
    if (!maps && !status.begun) return;
    await commands.executeCommand('setContext', 'ftps.isFileMapped', (await status.get()).show());
  };
  const later = (): void => {
    cancel();
    // Not while the window opens, and once for all that changes at the same time.
    cancel = clock.after(0, () => void show().catch(report));
  };
  const undecided = new UndecidedFiles({
    active,
    ask: askWhichConnection,
    send: async (files) => {
      const [first, ...rest] = files.map((file) => Uri.file(file));
      await commands.executeCommand('ftps.uploadFiles', first, [first, ...rest]);
    },
    onProblem: (error) => void report(error),
  });
  return Disposable.from(
    { dispose: () => cancel() },
    { dispose: () => void status.begun?.then((shown) => shown.dispose()) },
    { dispose: profiles.onDidChange.add(later) },
    { dispose: active.onDidChange.add(later) },
    undecided,
    window.onDidChangeActiveTextEditor(later),
  );
}

async function askWhichConnection(file: UndecidedFile): Promise<void> {
  const choose = 'Choose Connection';
  if ((await showWarning(undecidedText(file), choose)) !== choose) return;
  await commands.executeCommand('ftps.switchActive', Uri.file(file.localFile));
}
