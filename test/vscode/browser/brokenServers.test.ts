import { afterAll, describe, expect, it } from 'vitest';
import { closedPort } from '../../support/closedPort.ts';
import { type ScriptedConnection, ScriptedServer } from '../../support/scriptedServer.ts';
import { SharedWindow } from '../harness/sharedWindow.ts';
import { VsCode } from '../harness/vsCode.ts';

/** In a message VS Code makes a link of this, and a click on it would run the command. */
const link = '[Click here](command:workbench.action.closeSidebar)';

/** A server that knows no TLS, whatever it is asked. */
async function speakPlainly(connection: ScriptedConnection): Promise<void> {
  connection.say('220 plain old FTP');
  for (;;) {
    const line = await connection.hear();
    connection.say(line === 'QUIT' ? '221 bye' : `502 no ${link}`);
    if (line === 'QUIT') return connection.end();
  }
}

/** Takes no password, and says so in words of its own. */
async function refuseLogin(connection: ScriptedConnection): Promise<void> {
  connection.say('220 plain old FTP');
  for (;;) {
    const line = await connection.hear();
    if (line.startsWith('USER')) connection.say('331 password');
    else if (line === 'QUIT') return connection.say('221 bye');
    else connection.say(`530 no ${link}`);
  }
}

const cases = [
  ['closed', /refuses connections on port \d+.*21 explicit, 990 implicit/],
  ['unknown', /no-such-host\.invalid.*spelling/],
  ['plain', /refused to start TLS: 502 no.*No password was sent.*security/],
  ['silent', /No sign of the greeting.*within 1 s.*security/],
] as const;

describe('a server that cannot be used', () => {
  const servers: ScriptedServer[] = [];

  const shared = SharedWindow.use(async (site) => {
    const plain = await ScriptedServer.listen(speakPlainly);
    const silent = await ScriptedServer.listen((connection) => connection.ended);
    const refusing = await ScriptedServer.listen(refuseLogin);
    servers.push(plain, silent, refusing);
    return VsCode.start({
      settings: {
        'ftps.profiles': {
          closed: site.profile({ port: await closedPort() }),
          unknown: site.profile({ host: 'no-such-host.invalid' }),
          plain: site.profile({ port: plain.port }),
          silent: site.profile({ port: silent.port, timeouts: { greeting: 1 } }),
          refusing: site.profile({ port: refusing.port, security: 'none' }),
        },
      },
    });
  });

  afterAll(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
  });

  it.each(cases)(
    'ends with a message that says why and what to do, and no spinner: %s',
    async (name, words) => {
      const { workbench } = shared;
      await workbench.showConnections();
      await workbench.connectionRow(new RegExp(`^${name}, disconnected`)).click();
      await workbench.answer('Password for', 'secret');
      const problem = workbench.connectionRow(words);
      await problem.waitFor();
      await workbench.connectionRow(new RegExp(`^${name}, failed`)).waitFor();
      await expect.poll(() => workbench.spinners.count(), { timeout: 20_000 }).toBe(0);
      await workbench.screenshot(`server-${name}`);
      await workbench.chooseFor(workbench.connectionRow(new RegExp(`^${name}, failed`)), 'Connect');
      await workbench.answer('Password for', 'secret');
      await workbench.toast(words).first().waitFor();
      await expect.poll(() => workbench.spinners.count(), { timeout: 20_000 }).toBe(0);
    },
  );

  it('puts no links of its own into messages', async () => {
    const { workbench } = shared;
    const message = workbench.toast('502 no').first();
    await message.getByText('[Click here] (command:workbench.action.closeSidebar)').waitFor();
    expect(await message.getByRole('link').count()).toBe(0);
    await workbench.run('Notifications: Clear All Notifications');
  });

  it('puts no links of its own into questions', async () => {
    const { workbench } = shared;
    await workbench.connectionRow(/^refusing, disconnected/).click();
    await workbench.dialog.getByRole('button', { name: 'Connect Without Encryption' }).click();
    await workbench.answer('Password for', 'secret');
    const question = workbench.quickInput.filter({ hasText: '530 no' });
    await question.getByText('[Click here] (command:workbench.action.closeSidebar)').waitFor();
    await workbench.screenshot('server-words-in-question');
    expect(await question.getByRole('link').count()).toBe(0);
    await workbench.page.keyboard.press('Escape');
  });
});
