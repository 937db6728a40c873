import { aborted, type Step } from './errors.ts';

/** Settles as `work` does, unless the signal aborts first; the work itself goes on, and nobody looks at its outcome. */
export function unlessAborted<T>(work: Promise<T>, step: Step, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(aborted(step, signal));
    const over = (): void => signal.removeEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).then(over, over);
  });
}
