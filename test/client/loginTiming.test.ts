import { describe, expect, it } from 'vitest';
import type { LoginOptions } from '../../src/client/connectOptions.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import {
  admit,
  failureOf,
  farewell,
  fetchText,
  greetSecurely,
  optionsFor,
  password,
  setUp,
  setUpImplicit,
  showClear,
  showSecurely,
  tellFeatures,
} from './dialogue.ts';
import { identity } from './identity.ts';

const user = ['USER ada', `PASS ${password}`];
const setUpInClear = ['FEAT', 'OPTS UTF8 ON', 'TYPE I'];

async function protect(connection: ScriptedConnection): Promise<void> {
  await connection.answer('PBSZ 0', '200 PBSZ=0');
  await connection.answer('PROT P', '200 private');
}

/** The whole dialogue of a session that logs in like this, and then quits. */
async function dialogueOf(
  login: LoginOptions,
  script: (connection: ScriptedConnection) => Promise<void>,
): Promise<string[]> {
  await using server = await ScriptedServer.listen(async (connection) => {
    await script(connection);
    await farewell(connection);
  });
  const client = await FtpsClient.connect(optionsFor(server, { login }));
  expect(client.report().protection).toBe('P');
  await client.quit();
  await server.done();
  return server.heard;
}

describe('the timing of what secures a session', () => {
  it('C-13: has the commands that the user wants said before AUTH', async () => {
    const heard = await dialogueOf({ beforeAuth: ['SITE AUTHSTYLE new', 'feat'] }, async (connection) => {
      connection.say('220 ready');
      await connection.answer('SITE AUTHSTYLE new', '502 what');
      await tellFeatures(connection, ['AUTH TLS']);
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(identity);
      await admit(connection);
      await setUp(connection);
    });
    expect(heard.slice(0, 3)).toEqual(['SITE AUTHSTYLE new', 'FEAT', 'AUTH TLS']);
  });

  it('C-13: has PBSZ and PROT before the login', async () => {
    const heard = await dialogueOf({ protection: 'beforeLogin' }, async (connection) => {
      await greetSecurely(connection);
      await protect(connection);
      await admit(connection);
      await setUpImplicit(connection);
    });
    expect(heard).toEqual(['AUTH TLS', 'PBSZ 0', 'PROT P', ...user, ...setUpInClear, 'QUIT']);
  });

  it('C-13: has PBSZ and PROT late, before the first transfer, and only once', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await admit(connection);
      await setUpImplicit(connection);
      await protect(connection);
      await showSecurely(connection, 'RETR /a', 'here');
      await showSecurely(connection, 'RETR /a', 'here');
    });
    const client = await FtpsClient.connect(optionsFor(server, { login: { protection: 'late' } }));
    expect(client.report().protection).toBe('C');
    expect(await fetchText(client)).toBe('here');
    expect(await fetchText(client)).toBe('here');
    await server.done();
    const once = ['PBSZ 0', 'PROT P', 'EPSV', 'RETR /a', 'EPSV', 'RETR /a'];
    expect(server.heard).toEqual(['AUTH TLS', ...user, ...setUpInClear, ...once]);
    client.destroy();
  });

  it('C-13: has PBSZ and PROT never; data goes in clear where the user allows it', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await admit(connection);
      await setUpImplicit(connection);
      await showClear(connection, 'RETR /a', 'here');
    });
    const login = { protection: 'never' } as const;
    const client = await FtpsClient.connect(optionsFor(server, { login, requireProtectedData: false }));
    expect(await fetchText(client)).toBe('here');
    await server.done();
    expect(server.heard).toEqual(['AUTH TLS', ...user, ...setUpInClear, 'EPSV', 'RETR /a']);
    client.destroy();
  });

  it.each([503, 530, 550])(
    'C-14: says early PBSZ and PROT again after the login when they get %i',
    async (code) => {
      const heard = await dialogueOf({ protection: 'beforeLogin' }, async (connection) => {
        await greetSecurely(connection);
        await connection.answer('PBSZ 0', `${code} log in first`);
        await connection.answer('PROT P', `${code} log in first`);
        await admit(connection);
        await setUp(connection);
      });
      expect(heard.filter((line) => line === 'PBSZ 0' || line === 'PROT P')).toHaveLength(4);
      expect(heard.indexOf('USER ada')).toBe(3);
    },
  );

  it('C-14: gives no password to a server that refuses early PROT for good, and names the options', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await connection.answer('PBSZ 0', '200 ok');
      await connection.answer('PROT P', '534 never');
      await farewell(connection);
    });
    const options = optionsFor(server, { login: { protection: 'beforeLogin' } });
    const error = await failureOf(FtpsClient.connect(options));
    expect(error).toMatchObject({ kind: 'securityRefused', step: 'protection', reply: { code: 534 } });
    expect(error.message).toContain('"login": { "protection": "beforeLogin" }');
    expect(error.message).toContain('"requireProtectedData": false');
    expect(server.heard).not.toContain('USER ada');
  });

  it('C-13: says PBSZ and PROT late on an implicit connection too, where they are to be said at all', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await connection.startTls(identity);
      connection.say('220 ready');
      await admit(connection);
      await setUpImplicit(connection);
      await protect(connection);
      await showSecurely(connection, 'RETR /a', 'here');
    });
    const login = { protection: 'late' } as const;
    const client = await FtpsClient.connect(
      optionsFor(server, { security: 'implicit', implicitProt: 'send', login }),
    );
    expect(await fetchText(client)).toBe('here');
    await server.done();
    client.destroy();
  });

  it('C-20: logs in again after an AUTH that follows a login, and asks and sets all anew', async () => {
    const heard = await dialogueOf({ auth: 'afterLogin' }, async (connection) => {
      connection.say('220 ready');
      await admit(connection);
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(identity);
      await admit(connection);
      await setUp(connection);
    });
    const all = ['FEAT', 'OPTS UTF8 ON', 'PBSZ 0', 'PROT P', 'TYPE I'];
    expect(heard).toEqual([...user, 'AUTH TLS', ...user, ...all, 'QUIT']);
  });

  it.each(['USER ada', 'PASS secret', 'AUTH TLS', 'PROT C', 'RETR /a', 'QUIT', '', 'A', 'SITE\r\nDELE /a'])(
    'C-47: takes no %j before AUTH',
    async (line) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        connection.say('220 ready');
        await connection.ended;
      });
      const error = await failureOf(
        FtpsClient.connect(optionsFor(server, { login: { beforeAuth: [line] } })),
      );
      expect(error).toMatchObject({ kind: 'invalidArgument' });
      expect(server.heard).toEqual([]);
    },
  );

  it('ends where a command before AUTH gets 421', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('SITE x', '421 no');
      connection.end();
    });
    const error = await failureOf(
      FtpsClient.connect(optionsFor(server, { login: { beforeAuth: ['SITE x'] } })),
    );
    expect(error).toMatchObject({ kind: 'closed', reply: { code: 421 } });
    expect(server.heard).toEqual(['SITE x']);
  });
});

describe('the account', () => {
  it.each(['USER', 'PASS'])('C-19: is said by ACCT where %s gets 332', async (verb) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await connection.answer('USER ada', verb === 'USER' ? '332 account' : '331 password');
      if (verb === 'PASS') await connection.answer(`PASS ${password}`, '332 account');
      await connection.answer('ACCT billing', '230 in');
      await setUp(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, { login: { account: 'billing' } }));
    expect(client.isOpen).toBe(true);
    client.destroy();
  });
});
