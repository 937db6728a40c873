import type { LogOutputChannel } from 'vscode';
import { showInformation } from './messages.ts';

/** Tells the user of a way that had to be taken, once for each in a session; the log has them all. */
export function announceOnce(log: LogOutputChannel): (note: string) => void {
  const told = new Set<string>();
  return (note) => {
    log.info(note);
    if (told.has(note)) return;
    told.add(note);
    void showInformation(note);
  };
}
