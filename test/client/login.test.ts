import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { ScriptedServer } from '../support/scriptedServer.ts';
import {
  failureOf,
  farewell,
  greetSecurely,
  KeptLog,
  optionsFor,
  password,
  setUp,
  welcome,
} from './dialogue.ts';

describe('the login', () => {
  it.each([230, 232])('C-19: needs no PASS where USER gets %i', async (code) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await connection.answer('USER ada', `${code} in`);
      await setUp(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(server.heard).not.toContain(`PASS ${password}`);
    client.destroy();
  });

  it.each([200, 202, 230, 232])('C-19: is done where PASS gets %i', async (code) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await connection.answer('USER ada', '331 password');
      await connection.answer(`PASS ${password}`, `${code} in`);
      await setUp(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(client.isOpen).toBe(true);
    client.destroy();
  });

  it.each([
    ['USER', '332 account', 'unsupported'],
    ['PASS', '332 account', 'unsupported'],
    ['PASS', '530 wrong', 'loginRefused'],
    ['USER', '530 unknown', 'loginRefused'],
    ['PASS', '430 wrong', 'loginRefused'],
    ['USER', '421 full', 'tooManySessions'],
  ])('C-19: says what to do when %s gets %s', async (verb, reply, kind) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      if (verb === 'PASS') await connection.answer('USER ada', '331 password');
      await connection.hear();
      connection.say(reply);
      if (!reply.startsWith('421')) await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server)));
    expect(error).toMatchObject({ kind, step: 'login' });
    expect(error.message).toContain(reply);
    expect(error.message).not.toContain(password);
  });

  it('C-19: that fails without TLS is told with the thought that the server may want it', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('USER ada', '530 no');
      await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, { security: 'none' })));
    expect(error.message).toContain('set security to "explicit"');
  });

  it('C-20: asks for features and sets protection and type after AUTH and login, which void them', async () => {
    await using server = await ScriptedServer.listen((connection) => welcome(connection));
    const client = await FtpsClient.connect(optionsFor(server));
    const { heard } = server;
    for (const command of ['FEAT', 'PROT P', 'TYPE I']) {
      expect(heard.indexOf(command)).toBeGreaterThan(heard.indexOf(`PASS ${password}`));
    }
    client.destroy();
  });

  it('C-56: leaves no trace of the password in the log, not even where the server echoes it', async () => {
    const log = new KeptLog();
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await connection.answer('USER ada', '331 password');
      await connection.answer(`PASS ${password}`, `530-PASS ${password}: no`, `530 "${password}" is wrong`);
      await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, { log })));
    expect(error.message).toContain('530');
    expect(`${error.message}\n${JSON.stringify(error.reply)}\n${log.lines.join('\n')}`).not.toContain(
      password,
    );
    expect(log.lines).toContain('> PASS ********');
  });
});
