import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuthority, createLeaf } from '../../../src/server/certificate.ts';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { startWithDemo } from '../harness/startWithDemo.ts';

const day = 24 * 60 * 60 * 1000;

describe('a certificate of an authority that is trusted', async () => {
  const authority = await createAuthority();
  const shared = SharedWindow.use(async (site) => {
    site.write('hello.txt', 'hello\n');
    const code = await startWithDemo(site, {});
    const file = join(code.root, 'authority.pem');
    writeFileSync(file, authority.cert);
    // The demo file knows the password, and the certificate that the server had before this one.
    code.writeConnections({ other: site.profile({ host: 'localhost', tls: { ca: [file] } }) });
    return code;
  });

  async function connect(): Promise<void> {
    await shared.workbench.chooseFor(shared.workbench.connectionRow(/^other,/), 'Connect');
  }

  /** Connects up to the question, and presses Enter at it. */
  async function reasonShown(): Promise<string> {
    const before = shared.site.log.length;
    await connect();
    await shared.workbench.answer('Password for', shared.site.password);
    const question = shared.workbench.dialog.filter({ hasText: 'cannot be verified' });
    await question.waitFor();
    const shown = await question.innerText();
    await shared.workbench.page.keyboard.press('Enter');
    await shared.workbench.connectionRow(/^other, disconnected/).waitFor();
    expect(shared.site.log.slice(before)).not.toContain(shared.site.user);
    return shown;
  }

  it('that has expired is shown with that reason', async () => {
    const notAfter = new Date(Date.now() - day);
    const notBefore = new Date(Date.now() - 30 * day);
    await shared.site.replaceCertificate(
      await createLeaf(authority, { names: ['localhost'], notBefore, notAfter }),
    );
    await shared.workbench.showConnections();
    expect(await reasonShown()).toContain(`It expired on`);
    await shared.workbench.screenshot('certificate-expired');
  });

  it('that is for another name is shown with that reason', async () => {
    await shared.site.replaceCertificate(await createLeaf(authority, { names: ['ftp.example.com'] }));
    expect(await reasonShown()).toContain('It is for ftp.example.com, not for localhost.');
  });

  it('that verifies is not asked about', async () => {
    await shared.site.replaceCertificate(await createLeaf(authority, { names: ['localhost'] }));
    await connect();
    await shared.workbench.answer('Password for', shared.site.password);
    await shared.workbench.connectionRow(/^other, connected/).waitFor();
    await shared.workbench.connectionRow('hello.txt, file').waitFor();
  });
});
