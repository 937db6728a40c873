import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { ensureChromium } from '../../../scripts/bootstrap.mjs';

const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-background-timer-throttling',
  '--disable-component-update',
  '--disable-renderer-backgrounding',
  '--disable-sync',
  '--no-first-run',
];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: ensureChromium(), args: switches });
}

/** Gives the password that VS Code asks for, for all pages of a context. */
export async function logIn(context: BrowserContext, url: string, password: string): Promise<void> {
  const answer = await context.request.post(new URL('/login', url).href, {
    form: { password },
    maxRedirects: 0,
  });
  if (answer.status() !== 302) throw new Error(`VS Code answered the password with ${answer.status()}`);
}
