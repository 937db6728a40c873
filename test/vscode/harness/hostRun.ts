import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'rolldown';
import { launchBrowser, logIn } from './browser.ts';
import type { VsCode } from './vsCode.ts';

/** One test that ran in the extension host. */
export interface HostTest {
  readonly title: string;
  /** Why it failed. */
  readonly failure: string | undefined;
}

interface MochaReport {
  readonly tests: readonly { readonly fullTitle: string; readonly err: { readonly stack?: string } }[];
}

const repository = join(import.meta.dirname, '../../..');

/** For {@link VsCode.start}: a built VS Code runs tests in its extension host only with this switch. */
export const hostParameters = ['--vscode-option', 'enable-smoke-test-driver'];

/**
 * Runs a file of mocha tests inside the extension host of a VS Code, beside the installed extension.
 *
 * @param suite path of the file, relative to the repository
 * @throws Error with what the host printed, when it ends without a report
 */
export async function runInExtensionHost(code: VsCode, suite: string, address: string): Promise<HostTest[]> {
  const output = join(repository, 'out/host-tests');
  await build({
    cwd: repository,
    input: { suite, run: 'test/vscode/host/run.ts' },
    platform: 'node',
    external: ['vscode', 'mocha'],
    transform: { target: 'node20' },
    logLevel: 'warn',
    output: {
      dir: output,
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: '[name].cjs',
      sourcemap: 'inline',
    },
  });
  const report = join(code.root, 'host-report.json');
  const messages: string[] = [];
  await using browser = await launchBrowser();
  const context = await browser.newContext();
  await logIn(context, code.url, code.password);
  const page = await context.newPage();
  await page.exposeFunction('codeAutomationLog', (...words: unknown[]) => messages.push(words.join(' ')));
  const ended = new Promise<void>((resolve, reject) => {
    const limit = AbortSignal.timeout(90_000);
    limit.addEventListener('abort', () => reject(limit.reason));
    page.exposeFunction('codeAutomationExit', () => resolve()).catch(reject);
  });
  const authority = new URL(code.url).host;
  const payload = [
    ['extensionDevelopmentPath', `vscode-remote://${authority}${emptyExtension(code)}`],
    ['extensionTestsPath', `vscode-remote://${authority}${join(output, 'run.cjs')}`],
    ['extensionEnvironment', JSON.stringify({ HOST_TEST_REPORT: report })],
  ];
  await page.goto(`${address}&payload=${encodeURIComponent(JSON.stringify(payload))}`, {
    waitUntil: 'commit',
  });
  try {
    await ended;
    const { tests }: MochaReport = JSON.parse(readFileSync(report, 'utf8'));
    return tests.map(({ fullTitle, err }) => ({ title: fullTitle, failure: err.stack }));
  } catch (error) {
    throw new Error(`The extension host ended without a report:\n${messages.join('\n')}`, { cause: error });
  }
}

/** VS Code asks for an extension under development; the one under test is installed, so this one does nothing. */
function emptyExtension(code: VsCode): string {
  const folder = join(code.root, 'empty-extension');
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'empty', publisher: 'test', version: '0.0.1', engines: { vscode: '^1.100.0' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
