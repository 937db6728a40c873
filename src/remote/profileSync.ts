import type { SyncMapping } from './profile.ts';
import { FieldReader, type Findings, isFields, shown } from './profileFields.ts';
import { joinPath, normalisePath } from './remotePath.ts';

/** Reads `sync`: one mapping or a list of them. Relative remote folders count from the profile's own. */
export function readSync(value: unknown, remotePath: string, findings: Findings): readonly SyncMapping[] {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const mappings: SyncMapping[] = [];
  for (const [index, item] of list.entries()) {
    const prefix = Array.isArray(value) ? `sync[${index}]` : 'sync';
    if (!isFields(item)) {
      findings.problem(`${prefix} must be an object with "local" and "remote", not ${shown(item)}`);
      continue;
    }
    const fields = new FieldReader(item, findings, `${prefix}.`);
    fields.warnOfOthersThan(['local', 'remote', 'ignore', 'onSave']);
    const local = readLocal(fields.text('local') ?? '', prefix, findings);
    const remote = fields.text('remote') ?? '';
    mappings.push({
      local,
      remote: remote.startsWith('/') ? normalisePath(remote) : joinPath(remotePath, remote),
      ignore: fields.texts('ignore'),
      onSave: fields.flag('onSave') ?? true,
    });
  }
  return mappings;
}

function readLocal(value: string, prefix: string, findings: Findings): string {
  const path = value.replaceAll('\\', '/');
  if (path.startsWith('/') || path.startsWith('~') || /^[A-Za-z]:/.test(path)) {
    findings.problem(`${prefix}.local must be relative to the workspace folder, not ${shown(value)}`);
  } else if (path.split('/').includes('..')) {
    findings.problem(`${prefix}.local must stay inside the workspace folder, so it cannot contain ".."`);
  }
  return normalisePath(path).slice(1);
}
