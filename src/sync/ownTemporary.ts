import { randomBytes } from 'node:crypto';
import { temporaryName } from '../remote/temporaryName.ts';
import { isRunning } from './isRunning.ts';

/** A name for the unfinished version of a local file, which says whose it is. */
export function ownTemporaryName(name: string): string {
  const owner = process.pid.toString(16).padStart(8, '0');
  return temporaryName(name, `${owner}${randomBytes(4).toString('hex')}`);
}

/** Whether a file was left behind by a process that is no more. */
export function isAbandoned(name: string): boolean {
  const [, owner] = /^\..*\.ftps-explorer-([0-9a-f]{8})[0-9a-f]{8}(?:\.[^.]*)?$/.exec(name) ?? [];
  return owner !== undefined && !isRunning(Number.parseInt(owner, 16));
}
