import { window } from 'vscode';
import type { ActiveProfile } from './activeProfile.ts';
import { placeOf } from './activeProfileText.ts';
import { explainMapping } from './sync/explainMapping.ts';
import { localName } from './sync/pairText.ts';
import type { SyncPair } from './sync/syncPairs.ts';

/**
 * Lets the user choose the connection that files go to.
 * @returns its name; undefined when none was chosen
 */
export async function switchActive(
  pairs: readonly SyncPair[],
  active: ActiveProfile,
): Promise<string | undefined> {
  if (pairs.length === 0) {
    await explainMapping();
    return undefined;
  }
  const present = active.among(pairs);
  const names = [...new Set(pairs.map(({ profile }) => profile.name))];
  const items = names.flatMap((name) => {
    const own = pairs.filter(({ profile }) => profile.name === name);
    const [first] = own;
    if (!first) return [];
    const mappings = own.map((pair) => `${localName(pair)} → ${pair.mapping.remote}`);
    const detail = [...new Set(mappings)].join(', ');
    const label = `$(${name === present ? 'check' : 'blank'}) ${name}`;
    return [{ label, description: placeOf(first), detail, name }];
  });
  const placeHolder = 'Where do files go that several connections map?';
  const chosen = await window.showQuickPick(items, { title: 'Active Connection', placeHolder });
  if (chosen) await active.choose(chosen.name);
  return chosen?.name;
}
