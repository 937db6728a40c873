import { expect } from 'vitest';
import type { TestSite } from './testSite.ts';
import type { VsCode } from './vsCode.ts';
import type { Workbench } from './workbench.ts';

/** A moment of the dialogue with the server. */
export interface Moment {
  /** Which commands are counted. */
  readonly verbs: readonly ('RETR' | 'STOR')[];
  /** How many of them the server has heard. */
  readonly transfers: number;
  /** Lines that it has logged behind the last of them. */
  readonly lines: number;
}

const patience = { timeout: 60_000, interval: 100 };

interface Scene {
  readonly site: TestSite;
  readonly code: VsCode;
  readonly workbench: Workbench;
}

/**
 * Kills the process that runs the extensions of the only window, at a moment that is counted from now.
 * @param begin begins the work in which the moment comes
 * @returns its number
 */
export async function killHostDuring(
  { site, code }: Scene,
  moment: Moment,
  begin: () => Promise<void>,
): Promise<number> {
  const [host, ...others] = code.extensionHosts;
  if (host === undefined || others.length > 0) throw new Error('There is not one extension host.');
  let { transfers, lines } = moment;
  let isKilled = false;
  const stop = site.onLog((line) => {
    if (transfers === 0) lines--;
    else if (moment.verbs.some((verb) => line.startsWith(`> ${verb} `))) transfers--;
    if (transfers > 0 || lines > 0) return;
    stop();
    process.kill(host, 'SIGKILL');
    isKilled = true;
  });
  try {
    await begin();
    await expect.poll(() => isKilled, { ...patience, message: JSON.stringify(moment) }).toBe(true);
  } finally {
    stop();
  }
  await expect.poll(() => code.extensionHosts, patience).not.toContain(host);
  return host;
}

/** Waits for the next extension host. VS Code starts it by itself, but after the third crash within minutes it asks. */
export async function nextHost({ code, workbench }: Scene, killed: number): Promise<void> {
  const restart = workbench.page.getByRole('button', { name: 'Restart Remote Extension Host' });
  const nextHosts = async (): Promise<number> => {
    if (await restart.isVisible()) await restart.click();
    return code.extensionHosts.filter((pid) => pid !== killed).length;
  };
  await expect.poll(nextHosts, patience).toBe(1);
}
