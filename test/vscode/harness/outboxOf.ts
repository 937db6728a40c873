import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Outbox } from '../../../src/sync/outbox.ts';
import type { VsCode } from './vsCode.ts';

/** The local files that wait to be sent by the only window, as the next session would find them on the disk. */
export async function outboxOf({ userData }: VsCode): Promise<readonly string[]> {
  const storage = join(userData, 'User');
  const names = readdirSync(storage, { recursive: true, encoding: 'utf8' });
  const found = names.find((name) => name.endsWith('outbox.jsonl'));
  if (found === undefined) return [];
  const copy = mkdtempSync(join(tmpdir(), 'ftps-outbox-'));
  try {
    cpSync(dirname(join(storage, found)), copy, { recursive: true });
    await using outbox = await Outbox.open(copy);
    return outbox.items.map(({ localFile }) => localFile);
  } finally {
    rmSync(copy, { recursive: true });
  }
}
