import { commands, window } from 'vscode';
import type { CarryOptions } from './carryOver.ts';
import type { LocalPlace } from './localPlaces.ts';

/** Deletes on the server what is gone here, after a question that names it. It is kept for an undo. */
export async function deleteOnServer(
  { pairs, connections, log }: CarryOptions,
  places: readonly LocalPlace[],
): Promise<void> {
  for (const pair of new Set(places.map((place) => place.pair))) {
    const paths = places.filter((place) => place.pair === pair).map(({ path }) => path);
    if (!(await mayDelete(paths, pair.profile.host, pair.mapping.remote))) continue;
    await connections.get(pair.profile.name).connect();
    const left: string[] = [];
    for (const path of paths) {
      const { outcomes } = await pairs.sync(pair).carryDeletion(path, 1);
      const isDone = outcomes.length > 0 && outcomes.every(({ error }) => !error);
      if (isDone) log.info(`Deleted ${path} on ${pair.profile.name}`);
      else left.push(path);
      for (const { error } of outcomes) if (error) log.error(error.message);
    }
    if (left.length === 0) continue;
    const review = 'Open Sync View';
    const what = left.length === 1 ? left[0] : `${left.length} files`;
    const message = `Left ${what} on ${pair.profile.name}: changed there, or never in step with this computer.`;
    const shown = window.showWarningMessage(message, review);
    void shown.then((chosen) => (chosen === review ? commands.executeCommand('ftps.sync', pair) : undefined));
  }
}

async function mayDelete(paths: readonly string[], host: string, remote: string): Promise<boolean> {
  const what = paths.length === 1 ? `"${paths[0]}"` : `${paths.length} files`;
  const message = `Delete ${what} on ${host} in ${remote}?`;
  const more = paths.length > 10 ? [`and ${paths.length - 10} more`] : [];
  const names = paths.length === 1 ? [] : [...paths.slice(0, 10), ...more];
  const detail = [...names, 'What is deleted is kept for "Undo Last Sync".'].join('\n');
  return (await window.showWarningMessage(message, { modal: true, detail }, 'Delete')) === 'Delete';
}
