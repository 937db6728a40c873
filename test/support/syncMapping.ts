import type { SyncMapping } from '../../src/remote/profile.ts';

/** A mapping with the defaults of the settings, but for what a test is about. */
export function syncMapping(changes: Partial<SyncMapping> = {}): SyncMapping {
  return {
    local: '',
    remote: '/',
    ignore: [],
    direction: 'toRemote',
    deleteExtra: false,
    onlyNewer: false,
    existingOnly: false,
    onSave: true,
    watch: false,
    deleteOnServer: false,
    ...changes,
  };
}
