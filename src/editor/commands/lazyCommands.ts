import type { Disposable } from 'vscode';
import { LazyValue } from '../lazyValue.ts';
import type { Report } from '../report.ts';
import { type CommandTable, registerCommands } from './commandTable.ts';

/** Registers commands of which all but their ids is loaded when one of them is first used. */
export function lazyCommands<Id extends string>(
  ids: readonly Id[],
  load: () => Promise<Readonly<Record<Id, CommandTable[string]>>>,
  report: Report,
): Disposable {
  const loaded = new LazyValue(load);
  const run = async (id: Id, values: readonly unknown[]): Promise<void> =>
    (await loaded.get())[id](...values);
  const table = Object.fromEntries(ids.map((id) => [id, (...values: unknown[]) => run(id, values)]));
  return registerCommands([table], report);
}
