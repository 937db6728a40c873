import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import {
  admit,
  failureOf,
  farewell,
  fetchText,
  greetSecurely,
  KeptLog,
  optionsFor,
  password,
  setUp,
  setUpImplicit,
  showSecurely,
  welcome,
} from './dialogue.ts';
import { authority, identity, selfSigned } from './identity.ts';
import { sessionWith } from './session.ts';
import { WatchedClock } from './watchedClock.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const setUpLines = ['FEAT', 'OPTS UTF8 ON', 'PBSZ 0', 'PROT P', 'TYPE I'];
const explicitLogin = ['AUTH TLS', 'USER ada', `PASS ${password}`, ...setUpLines];
const implicitLogin = ['USER ada', `PASS ${password}`, 'FEAT', 'OPTS UTF8 ON', 'TYPE I'];

/** To where files can be asked for, with TLS that can be taken off. */
async function enterExplicit(connection: ScriptedConnection, greeting?: string): Promise<void> {
  if (greeting) connection.say(greeting);
  await connection.answer('AUTH TLS', '234 go');
  await connection.startTls(identity, { detachable: true });
  await admit(connection);
  await setUp(connection, greeting ? ['MLST type*;', 'MFMT'] : ['SIZE']);
}

async function enterImplicit(connection: ScriptedConnection): Promise<void> {
  await connection.startTls(identity, { detachable: true });
  connection.say('220 ready');
  await admit(connection);
  await setUpImplicit(connection);
}

describe('a session that begins anew', () => {
  it.each(versions)(
    'C-6: takes TLS off and puts it on by AUTH again on the same TCP connection, in explicit mode (%s)',
    async (maxVersion) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await enterExplicit(connection, '220 ready');
        await connection.answer('REIN', '120 a moment', '220 as new');
        await connection.stopTls();
        await enterExplicit(connection);
        await showSecurely(connection, 'RETR /a', 'here');
        await farewell(connection);
      });
      const tls = { ca: [authority.cert], maxVersion };
      const client = await FtpsClient.connect(optionsFor(server, { tls }));
      expect(client.features.has('MFMT')).toBe(true);
      await client.reinitialize();
      expect(client.features.has('MFMT')).toBe(false);
      expect(client.report()).toMatchObject({ protection: 'P', tlsVersion: maxVersion });
      expect(await fetchText(client)).toBe('here');
      await client.quit();
      await server.done();
      expect(server.connections).toHaveLength(1);
      expect(server.heard).toEqual([...explicitLogin, 'REIN', ...explicitLogin, 'EPSV', 'RETR /a', 'QUIT']);
    },
  );

  it.each(versions)(
    'C-6: is greeted in TLS again on the same TCP connection, in implicit mode (%s)',
    async (maxVersion) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await enterImplicit(connection);
        await connection.answer('PROT C', '200 clear');
        await connection.answer('REIN', '220 as new');
        await connection.stopTls();
        await enterImplicit(connection);
        await showSecurely(connection, 'RETR /a', 'here');
        await farewell(connection);
      });
      const tls = { ca: [authority.cert], maxVersion };
      const client = await FtpsClient.connect(optionsFor(server, { security: 'implicit', tls }));
      await client.setProtection('C');
      await client.reinitialize();
      expect(client.report().protection).toBe('P');
      expect(await fetchText(client)).toBe('here');
      await client.quit();
      await server.done();
      expect(server.connections).toHaveLength(1);
      expect(server.heard).toEqual([
        ...implicitLogin,
        'PROT C',
        'REIN',
        ...implicitLogin,
        'EPSV',
        'RETR /a',
        'QUIT',
      ]);
    },
  );

  it('C-6: judges the certificate again, before the password is said a second time', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await enterExplicit(connection, '220 ready');
      await connection.answer('REIN', '220 as new');
      await connection.stopTls();
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(selfSigned);
      await farewell(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(await failureOf(client.reinitialize())).toMatchObject({ kind: 'certificate' });
    expect(client.isOpen).toBe(false);
    await server.done();
    expect(server.heard.filter((line) => line.startsWith('PASS'))).toHaveLength(1);
  });

  it('C-6: has nothing to take off without TLS', async () => {
    const plain = async (connection: ScriptedConnection): Promise<void> => {
      await admit(connection);
      await setUpImplicit(connection);
    };
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await plain(connection);
      await connection.answer('REIN', '220 as new');
      await plain(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, { security: 'none' }));
    await client.reinitialize();
    await server.done();
    client.destroy();
  });

  it.each([500, 502])('C-7: goes on as it was where REIN gets %i', async (code) => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('REIN', `${code} no`);
      await showSecurely(connection, 'RETR /a', 'here');
    });
    expect(await failureOf(at.client.reinitialize())).toMatchObject({ kind: 'refused', reply: { code } });
    expect(at.client.features.has('MLST')).toBe(true);
    expect(await fetchText(at.client)).toBe('here');
  });

  it('C-7: tells to connect again where the server keeps TLS', async () => {
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('REIN', '230 as new, says the server');
      connection.socket.pause();
      await clock.running('close');
      clock.pass('close');
    });
    const client = await FtpsClient.connect(optionsFor(server, { clock }));
    const error = await failureOf(client.reinitialize());
    expect(error).toMatchObject({ kind: 'closed', reply: { code: 230 } });
    expect(error.message).toContain('Connect again');
    expect(await client.closed).toMatchObject({ kind: 'closed' });
  });

  it('C-7: tells to connect again where the server hangs up when TLS ends', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection, { detachable: true });
      await admit(connection);
      await setUp(connection);
      await connection.answer('REIN', '230 as new, says the server');
      await connection.stopTls();
      connection.end();
    });
    const client = await FtpsClient.connect(optionsFor(server));
    const error = await failureOf(client.reinitialize());
    expect(error).toMatchObject({ kind: 'closed', reply: { code: 230 } });
    expect(error.message).toContain('Connect again');
    expect(client.isOpen).toBe(false);
  });

  it('C-12: is given up where a reply follows the 220 in TLS', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('REIN', '220 as new', '230 in');
      await connection.ended;
    });
    const client = await FtpsClient.connect(optionsFor(server));
    await failureOf(client.reinitialize());
    expect(await client.closed).toMatchObject({ kind: 'protocol' });
    expect(server.heard.at(-1)).toBe('REIN');
  });

  it('is closed when its renewal is aborted', async () => {
    const abort = new AbortController();
    const log = new KeptLog();
    await using server = await ScriptedServer.listen(async (connection) => {
      await enterExplicit(connection, '220 ready');
      await connection.answer('REIN', '220 as new');
      await connection.stopTls();
      await connection.hear();
      abort.abort();
    });
    const client = await FtpsClient.connect(optionsFor(server, { log }));
    expect(await failureOf(client.reinitialize(abort.signal))).toMatchObject({ kind: 'aborted' });
    expect(await client.closed).toMatchObject({ kind: 'aborted' });
  });
});
