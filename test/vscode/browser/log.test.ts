import { describe, expect, it } from 'vitest';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { holds } from '../harness/traces.ts';
import { VsCode } from '../harness/vsCode.ts';

describe('the log at its most talkative', () => {
  const shared = SharedWindow.use(async (site) => {
    site.write('hello.txt', 'hello\n');
    return VsCode.start({
      environment: { FTPS_EXPLORER_DEMO: site.writeDemoFile() },
      settings: { 'ftps.profiles': { demo: site.profile() } },
      parameters: ['--log', 'trace'],
    });
  });

  it('holds the dialogue with the server', async () => {
    await shared.workbench.showConnections();
    await shared.workbench.connectionRow(/^demo,/).click();
    await shared.workbench.connectionRow('hello.txt, file').click();
    await shared.workbench.tab(/^hello\.txt/).waitFor();
    await shared.workbench.run('FTPS: Show Log');
    await expect.poll(() => shared.workbench.outputText(), { timeout: 20_000 }).toContain('> RETR');
    await shared.workbench.screenshot('log');
  });

  it('holds no password', async () => {
    const text = await shared.workbench.outputText();
    expect(text).toContain(`> USER ${shared.site.user}`);
    expect(text).toContain('> PASS');
    expect(holds(text, shared.site.password)).toBe(false);
  });
});
