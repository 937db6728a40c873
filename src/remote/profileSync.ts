import type { SyncMapping } from './profile.ts';
import { FieldReader, type Findings, isFields, shown } from './profileFields.ts';
import { joinPath, normalisePath } from './remotePath.ts';

const mappingFields = [
  'local',
  'remote',
  'ignore',
  'direction',
  'deleteExtra',
  'onlyNewer',
  'existingOnly',
  'onSave',
  'watch',
  'deleteOnServer',
] as const satisfies readonly Exclude<keyof SyncMapping, 'watchOnly'>[];

const directions = ['toRemote', 'toLocal', 'both'] as const;

/** Fields that change the server when something changes here. */
const towardsServer = ['onSave', 'watch', 'deleteOnServer'] as const;

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
    fields.warnOfOthersThan(mappingFields);
    mappings.push(readMapping(fields, remotePath, prefix, findings));
  }
  return mappings;
}

function readMapping(
  fields: FieldReader,
  remotePath: string,
  prefix: string,
  findings: Findings,
): SyncMapping {
  const remote = fields.text('remote') ?? '';
  const direction = fields.choice('direction', directions) ?? 'toRemote';
  const mapping: SyncMapping = {
    local: readLocal(fields.text('local') ?? '', prefix, findings),
    remote: remote.startsWith('/') ? normalisePath(remote) : joinPath(remotePath, remote),
    ignore: fields.texts('ignore'),
    direction,
    deleteExtra: fields.flag('deleteExtra') ?? false,
    onlyNewer: fields.flag('onlyNewer') ?? false,
    existingOnly: fields.flag('existingOnly') ?? false,
    onSave: fields.flag('onSave') ?? direction !== 'toLocal',
    ...readWatch(fields),
    deleteOnServer: fields.flag('deleteOnServer') ?? false,
  };
  for (const name of towardsServer) {
    if (direction === 'toLocal' && mapping[name]) {
      findings.problem(
        `${prefix}.${name} changes the server, which ${prefix}.direction "toLocal" rules out: remove one of them`,
      );
    }
  }
  return mapping;
}

/** `true` or `false`, or patterns of what is watched. */
function readWatch(fields: FieldReader): Pick<SyncMapping, 'watch' | 'watchOnly'> {
  const value = fields.flagOrTexts('watch') ?? false;
  if (typeof value === 'boolean') return { watch: value };
  return { watch: value.length > 0, watchOnly: value };
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
