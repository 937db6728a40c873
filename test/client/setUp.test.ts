import { describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../../src/client/connectOptions.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import {
  admit,
  failureOf,
  farewell,
  greetSecurely,
  optionsFor,
  setUp,
  setUpImplicit,
  tellFeatures,
} from './dialogue.ts';
import { identity } from './identity.ts';
import { sessionWith } from './session.ts';

/** A plain session whose set-up goes as scripted; what was said in it, between PASS and TYPE. */
async function setUpOf(
  options: Partial<ConnectOptions>,
  script: (connection: ScriptedConnection) => Promise<void>,
): Promise<string[]> {
  await using server = await ScriptedServer.listen(async (connection) => {
    connection.say('220 ready');
    await admit(connection);
    await script(connection);
    await connection.answer('NOOP', '200 here');
  });
  const client = await FtpsClient.connect(optionsFor(server, { security: 'none', ...options }));
  await client.noop();
  client.destroy();
  return server.heard.slice(2, -1);
}

describe('the host among several behind one address', () => {
  it('C-50: is said behind AUTH and before USER, and is the name in TLS', async () => {
    let servername: unknown;
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      const tls = await connection.startTls(identity);
      servername = Reflect.get(tls, 'servername');
      await connection.answer('HOST localhost', '220 that is me');
      await admit(connection);
      await setUp(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, { virtualHost: 'localhost' }));
    await server.done();
    expect(servername).toBe('localhost');
    expect(server.heard.slice(0, 3)).toEqual(['AUTH TLS', 'HOST localhost', 'USER ada']);
    client.destroy();
  });

  it.each([500, 502])('C-50: is no matter to a server that answers %i', async (code) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await connection.answer('HOST localhost', `${code} what`);
      await admit(connection);
      await setUp(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, { virtualHost: 'localhost' }));
    expect(client.isOpen).toBe(true);
    client.destroy();
  });

  it.each([504, 530, 501, 421])('C-50: that the server refuses by %i gets no password', async (code) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await connection.answer('HOST localhost', `${code} not here`);
      if (code !== 421) await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, { virtualHost: 'localhost' })));
    expect(error).toMatchObject({ kind: 'refused', step: 'login', reply: { code } });
    expect(error.message).toContain('"virtualHost"');
    expect(server.heard).not.toContain('USER ada');
  });

  it('C-50: is said again after REIN', async () => {
    const enter = async (connection: ScriptedConnection): Promise<void> => {
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(identity, { detachable: true });
      await connection.answer('HOST localhost', '220 that is me');
      await admit(connection);
      await setUp(connection);
    };
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await enter(connection);
      await connection.answer('REIN', '220 as new');
      await connection.stopTls();
      await enter(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, { virtualHost: 'localhost' }));
    await client.reinitialize();
    expect(server.heard.filter((line) => line === 'HOST localhost')).toHaveLength(2);
    client.destroy();
  });

  it('C-50: cannot be another one than the name that the certificate must carry', async () => {
    await using server = await ScriptedServer.listen(() => {});
    const options = optionsFor(server, { virtualHost: 'a.example', tls: { servername: 'b.example' } });
    expect(await failureOf(FtpsClient.connect(options))).toMatchObject({ kind: 'invalidArgument' });
    expect(server.connections).toEqual([]);
  });
});

describe('what a server may know or not', () => {
  it.each(['200 ok', '202 no need', '501 no', '502 no', '504 no'])(
    'C-49: OPTS UTF8 ON may be answered by %s',
    async (reply) => {
      const said = await setUpOf({}, async (connection) => {
        await tellFeatures(connection, ['UTF8']);
        await connection.answer('OPTS UTF8 ON', reply);
        await connection.answer('TYPE I', '200 binary');
      });
      expect(said).toEqual(['FEAT', 'OPTS UTF8 ON', 'TYPE I']);
    },
  );

  it('C-41: TYPE I is said once more where it is refused for the moment', async () => {
    const said = await setUpOf({}, async (connection) => {
      await tellFeatures(connection);
      await connection.answer('OPTS UTF8 ON', '200 ok');
      await connection.answer('TYPE I', '451 try again later');
      await connection.answer('TYPE I', '200 binary');
    });
    expect(said).toEqual(['FEAT', 'OPTS UTF8 ON', 'TYPE I', 'TYPE I']);
  });

  it.each([[['451 later', '451 later']], [['451 later', '504 no']], [['504 no']]])(
    'C-41: TYPE I that is refused by %j leaves no session that would change files',
    async (refusals) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        connection.say('220 ready');
        await admit(connection);
        await tellFeatures(connection);
        await connection.answer('OPTS UTF8 ON', '200 ok');
        for (const refusal of refusals) await connection.answer('TYPE I', refusal);
        await farewell(connection);
      });
      const error = await failureOf(FtpsClient.connect(optionsFor(server, { security: 'none' })));
      expect(error).toMatchObject({ kind: 'refused', step: 'features' });
      expect(error.message).toContain(refusals.at(-1));
      await server.done();
    },
  );

  it('C-51: CLNT is said only where the user wants it, and may be refused', async () => {
    const said = await setUpOf({ clientName: 'FTPS Explorer' }, async (connection) => {
      await tellFeatures(connection);
      await connection.answer('CLNT FTPS Explorer', '500 what');
      await connection.answer('OPTS UTF8 ON', '200 ok');
      await connection.answer('TYPE I', '200 binary');
    });
    expect(said).toEqual(['FEAT', 'CLNT FTPS Explorer', 'OPTS UTF8 ON', 'TYPE I']);
  });

  it('C-51: facts that MLST offers and does not send are asked for, and a refusal is no matter', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await admit(connection);
      await connection.hear();
      connection.say('211-Features', ' MLST type*;size*;modify*;unix.mode;media-type;', '211 End');
      // The question leaves when FEAT is answered, behind what left with FEAT.
      await connection.answer('OPTS UTF8 ON', '200 ok');
      await connection.answer('TYPE I', '200 binary');
      await connection.answer('OPTS MLST type;size;modify;unix.mode;', '501 no');
      await connection.answer('NOOP', '200 here');
    });
    const client = await FtpsClient.connect(optionsFor(server, { security: 'none' }));
    await client.noop();
    client.destroy();
  });

  it('C-51: SYST tells the system, or nothing', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('SYST', '215 UNIX Type: L8');
      await connection.answer('SYST', '500 what');
    });
    expect(await at.client.system()).toBe('UNIX Type: L8');
    expect(await at.client.system()).toBeUndefined();
  });

  it('a command of the user is said as it is, and answered as it is', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('SITE UMASK 022', '200-Umask', '200 set');
      await connection.answer('HELP', '502 no');
    });
    expect(await at.client.command('site UMASK 022')).toEqual({ code: 200, lines: ['Umask', 'set'] });
    expect(await at.client.command('HELP')).toMatchObject({ code: 502 });
  });

  it.each(['RETR /a', 'PASV', 'PASS x', 'TYPE A', 'QUIT', 'REIN', '', 'X'])(
    'a command of the user is not %j, which would leave the client behind',
    async (line) => {
      await using at = await sessionWith(async () => {});
      expect(await failureOf(at.client.command(line))).toMatchObject({ kind: 'invalidArgument' });
    },
  );
});

describe('a server that greets in clear on its implicit port', () => {
  it('C-1: is one that the profile has to name; then TLS comes behind the greeting, and no other one', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 z/OS');
      await connection.startTls(identity);
      await admit(connection);
      await setUpImplicit(connection);
      await farewell(connection);
    });
    const client = await FtpsClient.connect(
      optionsFor(server, { security: 'implicit', implicitGreeting: 'beforeTls' }),
    );
    expect(client.report()).toMatchObject({ protection: 'P', tlsVersion: 'TLSv1.3' });
    await client.quit();
    await server.done();
  });

  it('C-1: is not awaited else; the error names the option', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await connection.hearAnything();
      connection.say('220 z/OS');
      await connection.ended;
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, { security: 'implicit' })));
    expect(error).toMatchObject({ kind: 'tls' });
    expect(error.message).toContain('"implicitGreeting": "beforeTls"');
    expect(error.message).toContain('220 z/OS');
  });

  it('C-12: is given up where a reply follows the greeting before TLS', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 z/OS', '230 in');
      await connection.ended;
    });
    const options = optionsFor(server, { security: 'implicit', implicitGreeting: 'beforeTls' });
    expect(await failureOf(FtpsClient.connect(options))).toMatchObject({ kind: 'protocol' });
    expect(server.heard).toEqual([]);
  });
});
