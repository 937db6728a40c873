/** Runs what may be cancelled up to a point of no return: the signal it is given is cut off from `signal` by `onCommit`. */
export async function untilCommitted<T>(
  signal: AbortSignal | undefined,
  act: (cancellable: AbortSignal | undefined, onCommit: () => void) => Promise<T>,
): Promise<T> {
  if (!signal) return act(undefined, () => {});
  const relay = new AbortController();
  const onAbort = (): void => relay.abort(signal.reason);
  const cutOff = (): void => signal.removeEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await act(relay.signal, cutOff);
  } finally {
    cutOff();
  }
}
