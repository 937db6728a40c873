import { join } from 'node:path';

/** Where the outbox of a folder lies: nothing waits where that is missing or empty. */
export function outboxFile(folder: string): string {
  return join(folder, 'outbox.jsonl');
}
