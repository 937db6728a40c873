import { type Profile, sendsPasswordInClear } from '../remote/profile.ts';
import type { ConnectionState } from './connection.ts';
import { errorText } from './errorText.ts';
import type { StoredProfile } from './profileStore.ts';

/** What menus see: `connection-` with the state, or `connection-invalid`. */
export function connectionContext(stored: StoredProfile, state: ConnectionState): string {
  return `connection-${stored.result.ok ? state.kind : 'invalid'}`;
}

/** What is shown in grey behind the name. */
export function connectionDescription(stored: StoredProfile, state: ConnectionState): string {
  if (!stored.result.ok) return stored.result.problems.join('; ');
  const { profile } = stored.result;
  const place = `${profile.user}@${profile.host}`;
  const warning = sendsPasswordInClear(profile) ? ' · not encrypted' : '';
  switch (state.kind) {
    case 'connecting':
      return `${place}${warning} · connecting…`;
    case 'failed':
      return `${place}${warning} · failed`;
    case 'connected':
    case 'disconnected':
      return `${place}${warning}`;
  }
}

/** What a screen reader says. */
export function connectionSpoken(stored: StoredProfile, state: ConnectionState): string {
  const clear = stored.result.ok && sendsPasswordInClear(stored.result.profile) ? ', not encrypted' : '';
  return `${stored.name}, ${stored.result.ok ? state.kind : 'invalid'}${clear}`;
}

export function connectionTooltip(stored: StoredProfile, state: ConnectionState): string {
  const lines = [stored.name];
  if (!stored.result.ok) return [...lines, ...stored.result.problems].join('\n');
  const { profile } = stored.result;
  lines.push(
    `${securityText(profile)}: ${profile.user}@${profile.host}:${profile.port}${profile.remotePath}`,
  );
  lines.push(`Defined in ${sourceText(stored)}`);
  for (const { local, remote, direction, onSave } of profile.sync) {
    const folder = local === '' ? 'the workspace folder' : local;
    const when = onSave ? 'on save' : 'not on save';
    lines.push(
      direction === 'toLocal'
        ? `Downloads ${remote} to ${folder}, when it is synced`
        : `Uploads ${folder} to ${remote}, ${when}`,
    );
  }
  if (profile.sync.length > 0 && stored.source.level === 'user') {
    lines.push('Its sync counts only in the settings of a workspace or folder, so nothing is uploaded.');
  }
  lines.push(...stored.result.warnings);
  if (state.kind === 'failed') lines.push(errorText(state.error));
  return lines.join('\n');
}

function securityText({ security }: Profile): string {
  switch (security) {
    case 'explicit':
      return 'FTPS';
    case 'implicit':
      return 'FTPS, implicit';
    case 'none':
      return 'Plain FTP, NOT ENCRYPTED';
  }
}

/** Where it is defined. */
export function sourceText({ source }: StoredProfile): string {
  switch (source.level) {
    case 'user':
      return 'your own settings';
    case 'workspace':
      return 'the settings of this workspace';
    case 'folder':
      return `the settings of ${source.folders.map(folderName).join(' and of ')}`;
    case 'mounted':
      return 'the workspace from which it was opened';
  }
}

function folderName(address: string): string {
  return `the folder ${decodeURIComponent(address.slice(address.lastIndexOf('/') + 1))}`;
}
