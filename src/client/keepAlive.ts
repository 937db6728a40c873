import type { Session } from './session.ts';

/** NOOP during a transfer, or a server that knows none. */
const answers: ReadonlySet<number> = new Set([200, 500, 501, 502, 503, 504]);

/**
 * Says NOOP now and then while data moves, where the user asks for it: some routers forget a control connection that is
 * silent for long. C-54
 * @returns what stops it
 */
export function keepAlive(session: Session): () => void {
  const { control, clock, options } = session;
  const interval = options.transferKeepAlive;
  if (interval === undefined) return () => {};
  let cancel = (): void => {};
  const arm = (): void => {
    cancel = clock.after(interval, () => {
      // Its reply is counted when it comes, before that of the transfer or after it.
      if (control.isTransferring) control.begin('NOOP', undefined, { interjections: answers });
      arm();
    });
  };
  arm();
  return () => cancel();
}
