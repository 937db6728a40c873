import { describe, expect, it } from 'vitest';
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
  showSecurely,
  tellFeatures,
  welcome,
} from './dialogue.ts';
import { authority, identity } from './identity.ts';
import { sessionWith } from './session.ts';
import { WatchedClock } from './watchedClock.ts';

const allowed = { allowClearCommandChannel: true };

/** To where files can be asked for, with TLS that can be taken off. */
async function enterDetachably(connection: ScriptedConnection): Promise<void> {
  await greetSecurely(connection, { detachable: true });
  await admit(connection);
  await setUp(connection);
}

describe('a command channel that is cleared', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'C-28: ends TLS by close_notify both ways after 200, and goes on in clear; data stays private (%s)',
    async (maxVersion) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await enterDetachably(connection);
        await connection.answer('CCC', '200 clear now');
        await connection.stopTls();
        // Heard by the socket itself: this is clear text.
        await connection.answer('SIZE /a', '213 4');
        await showSecurely(connection, 'RETR /a', 'here');
        await farewell(connection);
      });
      const tls = { ca: [authority.cert], maxVersion };
      const client = await FtpsClient.connect(optionsFor(server, { ...allowed, tls }));
      await client.clearCommandChannel();
      expect(client.report()).toMatchObject({ tlsVersion: undefined, protection: 'P' });
      expect(await client.size('/a')).toBe(4);
      expect(await fetchText(client)).toBe('here');
      await client.quit();
      await server.done();
      expect(server.heard).toEqual([
        'AUTH TLS',
        'USER ada',
        `PASS ${password}`,
        'FEAT',
        'OPTS UTF8 ON',
        'PBSZ 0',
        'PROT P',
        'TYPE I',
        'CCC',
        'SIZE /a',
        'EPSV',
        'RETR /a',
        'QUIT',
      ]);
    },
  );

  it('C-28: lets neither PBSZ nor PROT nor another CCC be said any more', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await enterDetachably(connection);
      await connection.answer('CCC', '200 clear now');
      await connection.stopTls();
      await farewell(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, allowed));
    await client.clearCommandChannel();
    expect(await failureOf(client.setProtection('C'))).toMatchObject({ kind: 'unsupported' });
    expect(await failureOf(client.clearCommandChannel())).toMatchObject({ kind: 'unsupported' });
    await client.quit();
    await server.done();
    expect(server.heard.slice(-2)).toEqual(['CCC', 'QUIT']);
  });

  it('C-28: has said before what is due of PBSZ and PROT', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection, { detachable: true });
      await admit(connection);
      await setUpImplicit(connection);
      await connection.answer('PBSZ 0', '200 ok');
      await connection.answer('PROT P', '200 ok');
      await connection.answer('CCC', '200 clear now');
      await connection.stopTls();
    });
    const client = await FtpsClient.connect(
      optionsFor(server, { ...allowed, login: { protection: 'late' } }),
    );
    await client.clearCommandChannel();
    expect(client.report().protection).toBe('P');
    await server.done();
    client.destroy();
  });

  it.each([500, 533, 534])('C-28: stays in TLS where CCC gets %i', async (code) => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('CCC', `${code} no`);
      await showSecurely(connection, 'RETR /a', 'here');
    }, allowed);
    const error = await failureOf(at.client.clearCommandChannel());
    expect(error).toMatchObject({ kind: 'refused', reply: { code } });
    expect(at.client.report().tlsVersion).toBe('TLSv1.3');
    expect(await fetchText(at.client)).toBe('here');
  });

  it('C-28: has to be allowed by the option, which the error names', async () => {
    await using at = await sessionWith(async () => {});
    const error = await failureOf(at.client.clearCommandChannel());
    expect(error).toMatchObject({ kind: 'securityRefused' });
    expect(error.message).toContain('"allowClearCommandChannel": true');
  });

  it('C-28: drops TLS without close_notify where the profile says that the server does', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcomeWithoutNotify(connection);
    });
    const client = await FtpsClient.connect(
      optionsFor(server, { ...allowed, clearCommandChannelEnd: 'none' }),
    );
    await client.clearCommandChannel();
    expect(await client.size('/a')).toBe(4);
    await server.done();
    client.destroy();
  });

  it('C-28: names that option where the server does not end TLS', async () => {
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('CCC', '200 clear now');
      connection.socket.pause();
      await clock.running('close');
      clock.pass('close');
    });
    const client = await FtpsClient.connect(optionsFor(server, { ...allowed, clock }));
    const error = await failureOf(client.clearCommandChannel());
    expect(error).toMatchObject({ kind: 'closed', reply: { code: 200 } });
    expect(error.message).toContain('"clearCommandChannelEnd": "none"');
    expect(client.isOpen).toBe(false);
  });

  it.each([
    ['a reply that nobody asked for', ['250 deleted'], 'protocol'],
    ['421', ['421 idle'], 'closed'],
    ['nothing but the end', [], 'closed'],
  ])('C-53: ends the session by itself where %s follows', async (_, replies, kind) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await enterDetachably(connection);
      await connection.answer('CCC', '200 clear now');
      await connection.stopTls();
      if (replies.length > 0) connection.say(...replies);
      else connection.end();
    });
    const client = await FtpsClient.connect(optionsFor(server, allowed));
    await client.clearCommandChannel();
    expect(await client.closed).toMatchObject({ kind });
    expect(await failureOf(client.deleteFile('/a'))).toMatchObject({ kind });
    expect(server.heard.at(-1)).toBe('CCC');
  });

  it('C-12: is given up where a reply follows the 200 in TLS', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('CCC', '200 clear now', '213 4');
      await connection.ended;
    });
    const client = await FtpsClient.connect(optionsFor(server, allowed));
    await failureOf(client.clearCommandChannel());
    expect(await client.closed).toMatchObject({ kind: 'protocol' });
  });
});

describe('an implicit connection', () => {
  it('C-4: refuses CCC and AUTH by itself, and says neither', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await connection.startTls(identity);
      connection.say('220 ready');
      await admit(connection);
      await setUpImplicit(connection);
      await farewell(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, { ...allowed, security: 'implicit' }));
    for (const call of [
      client.clearCommandChannel(),
      client.command('CCC'),
      client.command('AUTH TLS'),
      client.command('auth SSL'),
    ]) {
      expect(await failureOf(call)).toMatchObject({ kind: 'unsupported' });
    }
    await client.quit();
    await server.done();
    expect(server.heard.slice(-2)).toEqual(['TYPE I', 'QUIT']);
  });

  it('C-4: is not even dialled when AUTH is to be said on it', async () => {
    await using server = await ScriptedServer.listen(() => {});
    const options = optionsFor(server, { security: 'implicit', login: { beforeAuth: ['AUTH SSL'] } });
    expect(await failureOf(FtpsClient.connect(options))).toMatchObject({ kind: 'unsupported' });
    expect(server.connections).toEqual([]);
  });
});

/** CCC as z/OS does it with CCCNONOTIFY: the next command is heard by the socket, past a TLS that nobody ended. */
async function welcomeWithoutNotify(connection: ScriptedConnection): Promise<void> {
  await greetSecurely(connection, { detachable: true });
  await admit(connection);
  await tellFeatures(connection);
  await connection.answer('OPTS UTF8 ON', '200 ok');
  await connection.answer('PBSZ 0', '200 ok');
  await connection.answer('PROT P', '200 ok');
  await connection.answer('TYPE I', '200 ok');
  await connection.answer('CCC', '200 clear now');
  connection.dropTls();
  await connection.answer('SIZE /a', '213 4');
}
