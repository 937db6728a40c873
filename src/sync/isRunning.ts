import { isSystemError } from './systemErrors.ts';

/** Whether there is a process of this number on this computer. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is somebody else's, and lives.
    return isSystemError(error, 'EPERM');
  }
}
