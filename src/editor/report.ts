import { CancellationError, type LogOutputChannel } from 'vscode';
import { isCancellation, RemoteError } from '../remote/errors.ts';
import { errorText } from './errorText.ts';
import { showError } from './messages.ts';
import { NotConnected } from './notConnected.ts';

/** What a message about a failure can offer beside the log. */
export interface Remedy {
  readonly title: string;
  readonly act: () => Promise<void>;
}

export type Report = (error: unknown, remedies?: readonly Remedy[]) => Promise<void>;

const showLog = 'Show Log';

/** The one place that tells the user of a failure. What the user called off needs no message. */
export function createReport(log: LogOutputChannel): Report {
  return async function report(error, remedies = []) {
    if (isCancellation(error) || error instanceof CancellationError) return;
    if (error instanceof NotConnected) {
      log.info(error.message);
      return;
    }
    // What nobody foresaw needs its stack; for the rest the message says it all.
    log.error(error instanceof Error && !(error instanceof RemoteError) ? error : errorText(error));
    const titles = [...remedies.map(({ title }) => title), showLog];
    const chosen = await showError(errorText(error), ...titles);
    if (chosen === showLog) log.show();
    const remedy = remedies.find(({ title }) => title === chosen);
    if (!remedy) return;
    try {
      await remedy.act();
    } catch (failure) {
      await report(failure, remedies);
    }
  };
}
