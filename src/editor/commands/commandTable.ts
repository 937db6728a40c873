import { commands, Disposable } from 'vscode';
import { RemoteError } from '../../remote/errors.ts';
import type { Remedy, Report } from '../report.ts';
import { SandboxStopped } from '../sandboxStopped.ts';

/** Commands by id. They throw; the registration reports. */
export type CommandTable = Readonly<Record<string, (...values: unknown[]) => Promise<void>>>;

export function registerCommands(tables: readonly CommandTable[], report: Report): Disposable {
  const registered = tables.flatMap((table) =>
    Object.entries(table).map(([id, act]) =>
      commands.registerCommand(id, async (...values: unknown[]) => {
        try {
          await act(...values);
        } catch (error) {
          // Not awaited: a message may stay open for as long as it likes.
          void report(
            error,
            remedies(error, () => act(...values)),
          );
        }
      }),
    ),
  );
  return Disposable.from(...registered);
}

function remedies(error: unknown, again: () => Promise<void>): readonly Remedy[] {
  if (error instanceof SandboxStopped) {
    return [{ title: 'Start Sandbox Server', act: async () => commands.executeCommand('ftps.startSandbox') }];
  }
  const worthwhile = error instanceof RemoteError && (error.retryable || error.kind === 'unavailable');
  return worthwhile ? [{ title: 'Retry', act: again }] : [];
}
