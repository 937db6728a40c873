import { describe, expect, it } from 'vitest';
import { closedPort } from '../support/closedPort.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { ScriptedServer } from '../support/scriptedServer.ts';
import { failureOf, farewell, optionsFor } from './dialogue.ts';
import { WatchedClock } from './watchedClock.ts';

describe('a server that cannot be reached', () => {
  it.each(['ENOTFOUND', 'EAI_AGAIN'])(
    'has a name that nobody knows (%s): the error says so',
    async (code) => {
      const clock = new WatchedClock();
      const options = optionsFor(
        { port: 21 },
        {
          host: 'ftp.example.org',
          clock,
          lookup: (_host, _options, done) => done(Object.assign(new Error(code), { code }), ''),
        },
      );
      const error = await failureOf(FtpsClient.connect(options));
      expect(error).toMatchObject({ kind: 'unknownHost', step: 'resolve' });
      expect(error.message).toMatch(/ftp\.example\.org.*spelling/);
      expect(clock.pending()).toEqual([]);
    },
  );

  it('has a closed port: the error names the usual ones', async () => {
    const clock = new WatchedClock();
    const port = await closedPort();
    const error = await failureOf(FtpsClient.connect(optionsFor({ port }, { clock })));
    expect(error).toMatchObject({ kind: 'connectionRefused', step: 'connect' });
    expect(error.message).toMatch(new RegExp(`${port}.*21 explicit, 990 implicit`));
    expect(clock.pending()).toEqual([]);
  });

  it.each(['EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'])(
    'is out of reach (%s): the error points to the network',
    async (code) => {
      const options = optionsFor(
        { port: 21 },
        {
          host: 'ftp.example.org',
          lookup: (_host, _options, done) => done(Object.assign(new Error(code), { code }), ''),
        },
      );
      const error = await failureOf(FtpsClient.connect(options));
      expect(error).toMatchObject({ kind: 'unreachable', step: 'connect' });
      expect(error.message).toContain('firewall');
    },
  );

  it.each([-1, 70_000, Number.NaN])('has a port that is none (%d): nothing is tried', async (port) => {
    expect(await failureOf(FtpsClient.connect(optionsFor({ port })))).toMatchObject({
      kind: 'invalidArgument',
    });
  });
});

describe('a server that is not what the profile says', () => {
  it('C-55: speaks in clear where TLS should be: the error says so, and what to check', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 plain old FTP');
      await connection.ended;
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, { security: 'implicit' })));
    expect(error).toMatchObject({ kind: 'tls', step: 'tls' });
    expect(error.message).toMatch(/in clear text.*"explicit"/);
  });

  it('hangs up on the ClientHello: the error names the handshake', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await connection.hearAnything();
      connection.cut();
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, { security: 'implicit' })));
    expect(error).toMatchObject({ kind: 'tls', step: 'tls' });
    expect(error.message).toContain('closed during the handshake');
  });

  it('speaks another protocol: the error shows what it said', async () => {
    await using server = await ScriptedServer.listen((connection) => connection.say('SSH-2.0-OpenSSH_9.9'));
    const error = await failureOf(FtpsClient.connect(optionsFor(server)));
    expect(error).toMatchObject({ kind: 'protocol', step: 'greeting' });
    expect(error.message).toContain('SSH-2.0-OpenSSH_9.9');
  });

  it('hangs up before the greeting: the error names the greeting', async () => {
    await using server = await ScriptedServer.listen((connection) => connection.end());
    const error = await failureOf(FtpsClient.connect(optionsFor(server)));
    expect(error).toMatchObject({ kind: 'closed', step: 'greeting' });
    expect(error.message).toContain('the greeting');
  });

  it.each([
    ['421 too many', 'tooManySessions'],
    ['530 not you', 'refused'],
    ['230 welcome already', 'refused'],
  ])('greets with %s: nothing more is said than QUIT', async (greeting, kind) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say(greeting);
      if (!greeting.startsWith('421')) await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server)));
    expect(error).toMatchObject({ kind, step: 'greeting' });
    expect(error.message).toContain(greeting);
    expect(server.heard.filter((line) => line !== 'QUIT')).toEqual([]);
  });
});
