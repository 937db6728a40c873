import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../../../scripts/bootstrap.mjs';

/** Vitest runs it once: packs the extension as it is now. */
export function setup(): void {
  execFileSync('node', [join(repository, 'scripts/package.mjs')], { stdio: 'inherit' });
}
