import type { Expectation } from './expectation.ts';
import type { Session } from './session.ts';

/**
 * ABOR, as ordinary data of the control connection: TLS knows no urgent byte. Servers answer the transfer and ABOR in
 * either order, by one reply or more; a NOOP behind them fences them off, said once the first of them is in, because
 * some servers read ABOR and lose what comes with it. Securing FTP with TLS §13, C-40
 * @returns what settles, always, when the session is in order again or gone
 */
export async function interrupt({ control }: Session, transfer: Expectation): Promise<void> {
  if (transfer.isSettled) return;
  const options = { step: 'transfer', limit: 'close' } as const;
  try {
    control.begin('ABOR', undefined, { ...options, isInterruption: true });
    transfer.arm('close');
    await transfer.final;
    await control.send('NOOP', undefined, { ...options, isFence: true });
  } catch {
    // The connection is gone, and everybody who waits for a reply knows.
  }
}
