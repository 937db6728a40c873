import { joinPath } from '../../remote/remotePath.ts';
import type { Direction } from '../../sync/planStep.ts';

interface NamedPair {
  readonly profile: { readonly name: string; readonly host: string };
  readonly mapping: { readonly local: string; readonly remote: string };
  readonly workspaceFolder: string;
}

/** How a pair is offered for choice. */
export function pairLabel(pair: NamedPair): { readonly label: string; readonly description: string } {
  const { profile, mapping } = pair;
  return { label: localName(pair), description: `${profile.name}:${mapping.remote} (${profile.host})` };
}

/** The choice between some pairs: of those that look the same, with the local folder. */
export function pairItems<P extends NamedPair & { readonly localFolder: string }>(pairs: readonly P[]) {
  const items = pairs.map((pair) => ({ ...pairLabel(pair), pair }));
  const isAlike = (one: (typeof items)[number], other: typeof one): boolean =>
    one !== other && one.label === other.label && one.description === other.description;
  return items.map((item) =>
    items.some((other) => isAlike(item, other)) ? { ...item, detail: item.pair.localFolder } : item,
  );
}

/**
 * What the head of the view says of the comparison that it shows: `site → demo:/www`.
 * @param below what alone was compared, relative to both; empty for all
 */
export function pairText(pair: NamedPair, direction: Direction, below = ''): string {
  const [local, remote] = [localName(pair), pair.mapping.remote];
  const [here, there] = below === '' ? [local, remote] : [`${local}/${below}`, joinPath(remote, below)];
  return `${here} ${arrow(direction)} ${pair.profile.name}:${there}`;
}

/** The mapped folder as people know it: below the workspace folder, or that folder's own name. */
export function localName({ mapping, workspaceFolder }: NamedPair): string {
  if (mapping.local !== '') return mapping.local;
  return workspaceFolder.split(/[/\\]/).findLast((part) => part !== '') ?? workspaceFolder;
}

function arrow(direction: Direction): string {
  switch (direction) {
    case 'toRemote':
      return '→';
    case 'toLocal':
      return '←';
    case 'both':
      return '↔';
  }
}
