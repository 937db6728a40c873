import { type LogOutputChannel, window } from 'vscode';

/** The one log of the product. The dialogue with servers is at trace level, its secrets masked before it comes here. */
export function createLog(): LogOutputChannel {
  return window.createOutputChannel('FTPS', { log: true });
}
