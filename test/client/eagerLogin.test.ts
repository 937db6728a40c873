import { describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../../src/client/connectOptions.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { dataListener, ScriptedServer } from '../support/scriptedServer.ts';
import {
  admit,
  failureOf,
  farewell,
  greetSecurely,
  KeptLog,
  optionsFor,
  setUp,
  setUpImplicit,
} from './dialogue.ts';
import { behindName, eager, flight, known, losses, name, pass, whole } from './flights.ts';
import { identity } from './identity.ts';

describe('the login to a server that nothing is known of', () => {
  it('waits for the answer to USER, and has the set-up leave with PASS', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, name);
      await flight(connection, behindName);
      await connection.answer('SIZE /a', '213 5');
    });
    const options = eager();
    const client = await FtpsClient.connect(optionsFor(server, options));
    expect(await client.size('/a')).toBe(5);
    expect(client.features.has('MLST')).toBe(true);
    expect(options.traits.loginInOneFlight).toBe(true);
    client.destroy();
  });

  it.each(['230 in', '232 in'])(
    'C-19: says no PASS where USER gets %s, and learns nothing of it',
    async (reply) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await greetSecurely(connection);
        await connection.answer('USER ada', reply);
        await flight(connection, behindName.slice(1));
      });
      const options = eager();
      const client = await FtpsClient.connect(optionsFor(server, options));
      expect(server.heard).not.toContain(pass);
      expect(options.traits.loginInOneFlight).toBeUndefined();
      client.destroy();
    },
  );

  it('C-19: says nothing more where USER is refused', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await connection.answer('USER ada', '530 unknown');
      await farewell(connection);
    });
    expect(await failureOf(FtpsClient.connect(optionsFor(server, eager())))).toMatchObject({
      kind: 'loginRefused',
    });
    expect(server.heard).toEqual(['AUTH TLS', 'USER ada', 'QUIT']);
  });

  it.each(losses)('says a password once that the server does not answer: %s', async (_, lose) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, name);
      await flight(connection, behindName, 0);
      lose(connection);
    });
    const options = eager();
    const error = await failureOf(FtpsClient.connect(optionsFor(server, options)));
    expect(error).toMatchObject({ kind: 'closed', step: 'login' });
    expect(server.heard.filter((line) => line === pass)).toHaveLength(1);
    expect(options.traits.loginInOneFlight).toBe(false);
  });

  it.each<[string, Partial<ConnectOptions>]>([
    ['without TLS', { security: 'none' }],
    ['where the user has wishes about the login', { login: { protection: 'afterLogin' } }],
    ['where the user wants none', { pipelining: 'never' }],
  ])('has no haste %s', async (_, more) => {
    const log = new KeptLog();
    await using server = await ScriptedServer.listen(async (connection) => {
      if (more.security === 'none') connection.say('220 ready');
      else await greetSecurely(connection);
      await admit(connection);
      await (more.security === 'none' ? setUpImplicit(connection) : setUp(connection));
    });
    const client = await FtpsClient.connect(optionsFor(server, eager(known, { ...more, log })));
    const said = log.lines.filter((line) => /^[<>] (331|230|USER|PASS|FEAT)/.test(line));
    expect(said.map((line) => line.slice(0, 6))).toEqual(['> USER', '< 331 ', '> PASS', '< 230 ', '> FEAT']);
    client.destroy();
  });

  it('has no haste behind REIN, where nobody can connect again', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection, { detachable: true });
      await flight(connection, whole);
      await connection.answer('REIN', '220 as new');
      await connection.stopTls();
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(identity);
      await admit(connection);
      await setUp(connection);
    });
    const log = new KeptLog();
    const client = await FtpsClient.connect(optionsFor(server, eager(known, { log })));
    await client.reinitialize();
    const lines = log.lines.slice(log.lines.indexOf('> REIN'));
    expect(lines.indexOf('> FEAT')).toBeGreaterThan(lines.indexOf('< 230 in'));
    client.destroy();
  });
});

describe('a server that hangs up on the password', () => {
  it('is spoken to step by step the next time, and no longer where that does not help either', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await connection.answer('USER ada', '331 password');
      await connection.answer(pass);
      connection.cut();
    });
    const options = optionsFor(server, eager());
    for (const learnt of [false, undefined]) {
      expect(await failureOf(FtpsClient.connect(options))).toMatchObject({ kind: 'closed', step: 'login' });
      expect(options.traits?.loginInOneFlight).toBe(learnt);
    }
    expect(server.heard.filter((line) => line === pass)).toHaveLength(2);
  });
});

describe('a server that bears no two commands at once', () => {
  it('gets them one at a time from then on', async () => {
    await using server = await ScriptedServer.listen(async (connection, index) => {
      await greetSecurely(connection);
      if (index === 0) {
        await flight(connection, whole, 2);
        return connection.cut();
      }
      await admit(connection);
      if (index === 1) {
        await connection.answer('FEAT', '211 none');
        return connection.cut();
      }
      await setUp(connection);
      await connection.answer('RNFR /a', '350 to');
      await connection.answer('RNTO /b', '250 done');
    });
    const log = new KeptLog();
    const options = eager(known, { log });
    const client = await FtpsClient.connect(optionsFor(server, options));
    expect(server.connections).toHaveLength(3);
    expect(options.traits).toMatchObject({ loginInOneFlight: false, bearsFlights: false });
    await client.rename('/a', '/b');
    // Each reply comes before the next command is said.
    const marks = log.lines.slice(log.lines.lastIndexOf('> USER ada')).map((line) => line.slice(0, 2));
    expect(marks.join('')).toBe('> < '.repeat(9));
    client.destroy();
  });

  it('is not known as such where it cannot be reached any more', async () => {
    await using server = await ScriptedServer.listen(async (connection, index) => {
      if (index > 0) return connection.cut();
      await greetSecurely(connection);
      await flight(connection, whole, 3);
      connection.cut();
    });
    const options = eager(known);
    expect(await failureOf(FtpsClient.connect(optionsFor(server, options)))).toMatchObject({
      kind: 'closed',
    });
    expect(options.traits).toMatchObject({ loginInOneFlight: true, bearsFlights: true });
  });
});

describe('the first data connection', () => {
  it('is asked for with the set-up, and open when the first listing wants it', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      const listener = await dataListener();
      const port = [['EPSV', `229 go (|||${listener.port}|)`]] as const;
      await flight(connection, [...whole.slice(0, -1), ...port, ...whole.slice(-1)]);
      const data = await listener.connection;
      await connection.answer('MLSD /');
      connection.say('150 here');
      await data.startTls(identity);
      data.sayRaw('type=file;size=1; a\r\n');
      data.end();
      connection.say('226 done');
      await connection.ended;
    });
    const client = await FtpsClient.connect(optionsFor(server, eager(known, { dataMode: 'passive' })));
    const { entries } = await client.list('/');
    expect(entries.map((entry) => entry.name)).toEqual(['a']);
    expect(server.heard.indexOf('EPSV')).toBeLessThan(server.heard.indexOf('MLSD /'));
    client.destroy();
  });
});
