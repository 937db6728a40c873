import { statSync } from 'node:fs';
import { Disposable, type LogOutputChannel, TextDocumentSaveReason, type Uri, workspace } from 'vscode';
import type { Clock } from '../client/clock.ts';
import { outboxFile } from '../sync/outboxFile.ts';
import { lazyCommands } from './commands/lazyCommands.ts';
import type { Connections } from './connections.ts';
import { forgetContext } from './forgetContext.ts';
import { LazyValue } from './lazyValue.ts';
import type { DeliveryDesk } from './outbox/deliveryDesk.ts';
import type { OutboxCommand } from './outbox/outboxCommands.ts';
import { outboxFolder } from './outbox/outboxFolder.ts';
import { PreviousHashes } from './previousHashes.ts';
import type { ProfileStore } from './profileStore.ts';
import type { Report } from './report.ts';
import type { LazySyncPairs } from './sync/lazySyncPairs.ts';

export interface UploadOnSaveOptions {
  readonly pairs: Pick<LazySyncPairs, 'get' | 'active'>;
  readonly profiles: ProfileStore;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly log: LogOutputChannel;
  readonly report: Report;
  /** The product's folder for all workspaces. */
  readonly storage: string;
}

const commandIds: readonly OutboxCommand[] = [
  'ftps.outboxOpen',
  'ftps.outboxRetry',
  'ftps.outboxRetryAll',
  'ftps.outboxOverwrite',
  'ftps.outboxTakeTheirs',
  'ftps.outboxDiscard',
];

/**
 * Uploads local files when they are saved, or when others change them, where a connection's `sync` says so. What that
 * takes is loaded when there is something to send, or to watch.
 */
export function registerUploadOnSave(options: UploadOnSaveOptions): Disposable {
  const { profiles, report } = options;
  const folder = outboxFolder(options.storage, workspace);
  forgetContext('ftps.outboxHasItems');
  const hashes = new PreviousHashes();
  const savedByHand = new Set<string>();
  const desk = new LazyValue(async (): Promise<DeliveryDesk> => {
    const [{ DeliveryDesk }, pairs] = await Promise.all([
      import('./outbox/deliveryDesk.ts'),
      options.pairs.get(),
    ]);
    return DeliveryDesk.open({ ...options, folder, pairs, active: options.pairs.active });
  });
  const settingsChanged = async (): Promise<void> => {
    if (desk.begun) (await desk.begun).settingsChanged();
    else if (workspace.isTrusted && (hasItems(folder) || isWatching(profiles))) await desk.get();
  };
  const isOurs = ({ scheme }: Uri): boolean =>
    scheme === 'file' && workspace.isTrusted && mappings(profiles).length > 0;
  const willSave = (uri: Uri, reason: TextDocumentSaveReason, wait: (done: Promise<void>) => void): void => {
    if (!isOurs(uri)) return;
    if (reason === TextDocumentSaveReason.Manual) savedByHand.add(uri.fsPath);
    wait(hashes.look(uri.fsPath));
  };
  // Their saving may have begun before anybody asked to be told.
  for (const { isDirty, uri } of workspace.textDocuments) {
    if (isDirty && isOurs(uri)) void hashes.look(uri.fsPath);
  }
  const saved = async (uri: Uri): Promise<void> => {
    if (!isOurs(uri)) return;
    const localFile = uri.fsPath;
    const isManual = savedByHand.delete(localFile);
    const previousHash = await hashes.take(localFile);
    await (await desk.get()).saved({ localFile, previousHash, isManual });
  };
  return Disposable.from(
    { dispose: () => void desk.begun?.then((opened) => opened.dispose()) },
    { dispose: profiles.onDidChange.add(() => void settingsChanged().catch(report)) },
    workspace.onWillSaveTextDocument((event) =>
      willSave(event.document.uri, event.reason, (done) => event.waitUntil(done)),
    ),
    workspace.onWillSaveNotebookDocument((event) =>
      willSave(event.notebook.uri, event.reason, (done) => event.waitUntil(done)),
    ),
    workspace.onDidSaveTextDocument(({ uri }) => void saved(uri).catch(report)),
    workspace.onDidSaveNotebookDocument(({ uri }) => void saved(uri).catch(report)),
    lazyCommands(commandIds, async () => (await desk.get()).commands, report),
  );
}

/** Whether an earlier session has left something to send, as far as can be told without reading it. */
function hasItems(folder: string): boolean {
  return (statSync(outboxFile(folder), { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function isWatching(profiles: ProfileStore): boolean {
  return mappings(profiles).some(({ watch, deleteOnServer }) => watch || deleteOnServer);
}

function mappings(profiles: ProfileStore) {
  return profiles.all().flatMap(({ result }) => (result.ok ? result.profile.sync : []));
}
