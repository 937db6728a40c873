import { describe, expect, it } from 'vitest';
import type { Security } from '../../src/client/connectOptions.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { newServerTraits } from '../../src/client/serverTraits.ts';
import {
  dataListener,
  type DataListener,
  type ScriptedConnection,
  ScriptedServer,
} from '../support/scriptedServer.ts';
import { named, show } from './ahead.ts';
import {
  admit,
  failureOf,
  fetchText,
  greetSecurely,
  KeptLog,
  offerPort,
  optionsFor,
  setUp,
  setUpImplicit,
  showClear,
  showSecurely,
  tellFeatures,
} from './dialogue.ts';
import { identity } from './identity.ts';
import { sessionWith } from './session.ts';

const clearAllowed = { requireProtectedData: false };

async function enter(connection: ScriptedConnection, security: Security): Promise<void> {
  if (security === 'explicit') {
    await greetSecurely(connection);
    await admit(connection);
    await setUp(connection);
  } else {
    await connection.startTls(identity);
    connection.say('220 ready');
    await admit(connection);
    await setUpImplicit(connection);
  }
}

describe('the level of protection', () => {
  it.each(['explicit', 'implicit'] as const)(
    'C-3: is switched by PROT C and PROT P at any time, in %s mode',
    async (security) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await enter(connection, security);
        await connection.answer('PROT C', '200 clear');
        await showClear(connection, 'MLSD /', 'type=file; clear\r\n');
        await connection.answer('PROT P', '200 private');
        await showSecurely(connection, 'MLSD /', 'type=file; private\r\n');
      });
      const client = await FtpsClient.connect(optionsFor(server, { security, ...clearAllowed }));
      expect(client.report().protection).toBe('P');
      await client.setProtection('C');
      expect(client.report().protection).toBe('C');
      expect((await client.list('/')).entries).toMatchObject([{ name: 'clear' }]);
      await client.setProtection('P');
      expect(client.report().protection).toBe('P');
      expect((await client.list('/')).entries).toMatchObject([{ name: 'private' }]);
      await server.done();
      client.destroy();
    },
  );

  it.each([431, 502, 503, 504, 534, 536])('C-16: stays as it is when PROT gets %i', async (code) => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('PROT C', `${code} no`);
      await showSecurely(connection, 'RETR /a', 'here');
    }, clearAllowed);
    const error = await failureOf(at.client.setProtection('C'));
    expect(error).toMatchObject({ kind: 'securityRefused', step: 'protection', reply: { code } });
    expect(error.message).toContain('It stays as it was (P)');
    expect(await fetchText(at.client)).toBe('here');
  });

  it('C-16: is C after PROT P was refused by 536, and the transfer is clear where that is allowed', async () => {
    const log = new KeptLog();
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await admit(connection);
      await tellFeatures(connection);
      await connection.answer('OPTS UTF8 ON', '200 ok');
      await connection.answer('PBSZ 0', '200 PBSZ=0');
      await connection.answer('PROT P', '536 not with this mechanism');
      await connection.answer('TYPE I', '200 binary');
      await showClear(connection, 'RETR /a', 'here');
    });
    const client = await FtpsClient.connect(optionsFor(server, { ...clearAllowed, log }));
    expect(client.report().protection).toBe('C');
    expect(await fetchText(client)).toBe('here');
    expect(log.lines.join('\n')).toContain('Data travels in clear');
    client.destroy();
  });

  it('C-15: is asked for behind PBSZ 0 again, when PROT was refused before', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('PROT C', '503 PBSZ first');
      await connection.answer('PBSZ 0', '200 ok');
      await connection.answer('PROT C', '200 clear');
    });
    expect(await failureOf(at.client.setProtection('C'))).toMatchObject({ reply: { code: 503 } });
    await at.client.setProtection('C');
    expect(at.client.report().protection).toBe('C');
  });

  it('C-18: can be switched when the port is known and the command is not said yet', async () => {
    let client: FtpsClient | undefined;
    let switching: Promise<void> = Promise.resolve();
    await using at = await sessionWith(async (connection) => {
      await connection.answer('EPSV');
      switching = client?.setProtection('C') ?? Promise.reject(new Error('no client'));
      const listener = await listenerBehind(connection);
      await connection.answer('PROT C', '200 clear');
      const data = await listener.connection;
      await connection.answer('RETR /a', '150 opening');
      data.sayRaw('in clear');
      data.end();
      connection.say('226 done');
    }, clearAllowed);
    client = at.client;
    expect(await fetchText(at.client)).toBe('in clear');
    await switching;
    expect(at.client.report().protection).toBe('C');
  });

  it('C-18: that was switched to C in that moment keeps the transfer from being said, unless clear data is allowed', async () => {
    let client: FtpsClient | undefined;
    await using at = await sessionWith(async (connection) => {
      await connection.answer('EPSV');
      client?.setProtection('C').catch(() => {});
      await listenerBehind(connection);
      await connection.answer('PROT C', '200 clear');
    });
    client = at.client;
    expect(await failureOf(fetchText(at.client))).toMatchObject({ kind: 'securityRefused' });
  });

  it('C-18: keeps clear transfers at home, and names the option that allows them', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('PROT C', '200 clear');
    });
    await at.client.setProtection('C');
    for (const call of [fetchText(at.client), at.client.list('/')]) {
      const error = await failureOf(call);
      expect(error).toMatchObject({ kind: 'securityRefused', step: 'protection', reply: undefined });
      expect(error.message).toContain('"requireProtectedData": false');
    }
  });

  it('C-18: keeps them at home too where the profile wants no PROT at all, and says so', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await admit(connection);
      await setUpImplicit(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, { login: { protection: 'never' } }));
    const error = await failureOf(fetchText(client));
    expect(error.message).toContain('"protection": "never"');
    expect(server.heard).not.toContain('EPSV');
    client.destroy();
  });

  it('cannot be had without TLS, and does not matter there', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await admit(connection);
      await setUpImplicit(connection);
      await showClear(connection, 'RETR /a', 'here');
    });
    const client = await FtpsClient.connect(optionsFor(server, { security: 'none' }));
    expect(await failureOf(client.setProtection('P'))).toMatchObject({ kind: 'unsupported' });
    expect(await fetchText(client)).toBe('here');
    client.destroy();
  });

  it('C-17: of one transfer that was refused by 521 says nothing about the next', async () => {
    await using at = await sessionWith(async (connection) => {
      await offerPort(connection);
      await connection.answer('RETR /a', '521 not like this');
      await showSecurely(connection, 'RETR /a', 'here');
    });
    expect(await failureOf(fetchText(at.client))).toMatchObject({ reply: { code: 521 } });
    expect(await fetchText(at.client)).toBe('here');
  });

  it('C-18: that was chosen goes with the session that takes the place of a lost one', async () => {
    await using server = await losingServer(() => {});
    await using client = await connectInClear(server);
    await client.setProtection('P');
    expect(await fetchText(client)).toBe('here');
    expect(server.heard.filter((line) => line === 'PROT P')).toHaveLength(2);
    client.destroy();
  });

  it('is not taken to another session by a client that is gone meanwhile: that session ends too', async () => {
    let drop = (): void => {};
    await using server = await losingServer(() => drop());
    const client = await connectInClear(server);
    await client.setProtection('P');
    drop = () => client.destroy();
    expect(await failureOf(fetchText(client))).toMatchObject({ kind: 'closed' });
    await server.done();
    expect(server.heard.at(-1)).toBe('PROT P');
  });
});

/** Cuts the first session at RETR, and calls `onLevel` when PROT P is said. */
function losingServer(onLevel: () => void): Promise<ScriptedServer> {
  return ScriptedServer.listen(async (connection, index) => {
    await greetSecurely(connection);
    for (let listener = await dataListener(); ; ) {
      const line = await connection.hear().catch(() => '');
      const [verb] = line.split(' ');
      if (line === '') return;
      if (line === 'PROT P') onLevel();
      if (verb === 'RETR' && index === 0) return void connection.socket.resetAndDestroy();
      if (verb === 'EPSV') listener = await dataListener();
      if (verb === 'EPSV') connection.say(named(listener));
      else if (verb === 'FEAT') connection.say('500 what');
      else if (verb === 'RETR') await show(connection, await listener.connection, 'here');
      else connection.say(verb === 'USER' ? '230 in' : '200 ok');
    }
  });
}

/** Data connections are clear until the user says otherwise. */
function connectInClear(server: ScriptedServer): Promise<FtpsClient> {
  const traits = { ...newServerTraits(), bearsUnresumed: true };
  const login = { protection: 'never' } as const;
  return FtpsClient.connect(optionsFor(server, { traits, requireProtectedData: false, login }));
}

/** Answers an EPSV that was heard already. */
async function listenerBehind(connection: ScriptedConnection): Promise<DataListener> {
  const listener = await dataListener();
  connection.say(`229 go (|||${listener.port}|)`);
  return listener;
}
