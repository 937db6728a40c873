import { describe, expect, it } from 'vitest';
import { closedPort } from '../support/closedPort.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { adviceFor, type QuirkName, quirks } from '../../src/client/quirks.ts';
import { dataListener, type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import {
  bareTraits,
  failureOf,
  fetchText,
  offerPort,
  openData,
  optionsFor,
  showSecurely,
} from './dialogue.ts';
import { identity } from './identity.ts';
import { sessionWith } from './session.ts';
import { WatchedClock } from './watchedClock.ts';

function pasv(host: string, port: number): string {
  return `227 (${host.replaceAll('.', ',')},${port >> 8},${port & 0xff})`;
}

async function serve(connection: ScriptedConnection, data: ScriptedConnection): Promise<void> {
  await connection.answer('RETR /a', '150 opening');
  await data.startTls(identity);
  data.sayRaw('here');
  data.end();
  connection.say('226 done');
}

describe('the table of quirks', () => {
  const isQuirk = (name: string): name is QuirkName => name in quirks;
  const names = Object.keys(quirks).filter(isQuirk);

  it.each(names)('says of %s what is done, and names the option', (name) => {
    const { option, remedy, servers, behaviour, handling } = quirks[name];
    expect([behaviour, handling].every((text) => /^[A-Z].*\.$|C-\d+$/.test(text))).toBe(true);
    expect(servers.length).toBeGreaterThan(0);
    for (const part of option.split('.')) expect(adviceFor(name)).toContain(`"${part}"`);
    expect(adviceFor(name)).toContain(remedy);
    expect(() => JSON.parse(remedy) as unknown).not.toThrow();
  });

  it('knows each option once', () => {
    const options = names.map((name) => quirks[name].option);
    expect(new Set(options).size).toBe(options.length);
  });
});

describe('the option "truncation"', () => {
  it('C-38: is named by the error that it is for', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'RETR /a');
      data.sayRaw('here');
      data.cut();
      connection.say('226 done');
    });
    const error = await failureOf(fetchText(at.client));
    expect(error).toMatchObject({ kind: 'truncated' });
    expect(error.message).toContain('"truncation": "ignore"');
  });

  it.each([
    ['as many bytes as SIZE tells', '213 4'],
    ['a server without SIZE', '500 what'],
  ])('C-38: takes a download that ends without close_notify, with %s', async (_, size) => {
    await using at = await sessionWith(
      async (connection) => {
        const data = await openData(connection, 'RETR /a');
        data.sayRaw('here');
        data.cut();
        connection.say('226 done');
        await connection.answer('SIZE /a', size);
      },
      { truncation: 'ignore' },
    );
    expect(await fetchText(at.client)).toBe('here');
  });

  it('C-38: does not take a download that is shorter than SIZE tells', async () => {
    await using at = await sessionWith(
      async (connection) => {
        const data = await openData(connection, 'RETR /a');
        data.sayRaw('here');
        data.cut();
        connection.say('226 done');
        await connection.answer('SIZE /a', '213 14');
      },
      { truncation: 'ignore' },
    );
    const error = await failureOf(fetchText(at.client));
    expect(error).toMatchObject({ kind: 'truncated' });
    expect(error.message).toContain('4 of 14 bytes');
  });

  it('C-38: takes a listing that ends without close_notify', async () => {
    await using at = await sessionWith(
      async (connection) => {
        const data = await openData(connection, 'MLSD /');
        data.say('type=file; a');
        data.cut();
        connection.say('226 done');
      },
      { truncation: 'ignore' },
    );
    expect((await at.client.list('/')).entries).toHaveLength(1);
  });
});

describe('the option "passiveAddress"', () => {
  it('C-30: connects to the host that PASV names, where the user says so', async () => {
    await using at = await sessionWith(
      async (connection) => {
        const listener = await dataListener('127.0.0.2');
        await connection.answer('PASV', pasv('127.0.0.2', listener.port));
        await serve(connection, await listener.connection);
      },
      { passiveAddress: 'announced' },
    );
    expect(await fetchText(at.client)).toBe('here');
  });

  it('C-30: is named by the error where the server named another address', async () => {
    const port = await closedPort();
    await using at = await sessionWith(async (connection) => {
      await connection.answer('EPSV', '500 no');
      await connection.answer('PASV', pasv('10.0.0.5', port));
    });
    const error = await failureOf(fetchText(at.client));
    expect(error).toMatchObject({ kind: 'dataConnection' });
    expect(error.message).toContain('10.0.0.5');
    expect(error.message).toContain('"passiveAddress": "announced"');
  });

  it('is not what the error names where the server named the same address', async () => {
    const port = await closedPort();
    await using at = await sessionWith(async (connection) => {
      await connection.answer('EPSV', `229 (|||${port}|)`);
    });
    const error = await failureOf(fetchText(at.client));
    expect(error.message).toContain('"dataMode": "auto"');
    expect(error.message).not.toContain('"passiveAddress"');
  });
});

describe('the option "passiveCommand"', () => {
  it('C-31: says PASV alone', async () => {
    await using at = await sessionWith(
      async (connection) => {
        const listener = await dataListener();
        await connection.answer('PASV', pasv('127.0.0.1', listener.port));
        await serve(connection, await listener.connection);
      },
      { passiveCommand: 'PASV' },
    );
    expect(await fetchText(at.client)).toBe('here');
  });

  it('C-31: says EPSV alone, whatever it is answered', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer('EPSV', '500 no');
      },
      { passiveCommand: 'EPSV' },
    );
    expect(await failureOf(fetchText(at.client))).toMatchObject({ reply: { code: 500 } });
  });

  it('C-31: is remembered for all sessions that share what was learnt', async () => {
    const traits = bareTraits();
    for (const first of [true, false]) {
      await using at = await sessionWith(
        async (connection) => {
          if (first) await connection.answer('EPSV', '502 no');
          const listener = await dataListener();
          await connection.answer('PASV', pasv('127.0.0.1', listener.port));
          await serve(connection, await listener.connection);
        },
        { traits },
      );
      expect(await fetchText(at.client)).toBe('here');
    }
  });
});

describe('the option "preliminaryReply"', () => {
  it('C-33: begins TLS right behind the command', async () => {
    await using at = await sessionWith(
      async (connection) => {
        const listener = await offerPort(connection);
        const data = await listener.connection;
        await connection.answer('RETR /a');
        await data.startTls(identity);
        connection.say('150 opening');
        data.sayRaw('here');
        data.end();
        connection.say('226 done');
      },
      { preliminaryReply: 'ignored', clock: new WatchedClock() },
    );
    expect(await fetchText(at.client)).toBe('here');
  });

  it('C-33: waits for the 1xx of every transfer', async () => {
    const clock = new WatchedClock();
    await using at = await sessionWith(
      async (connection) => {
        for (let times = 0; times < 2; times += 1) {
          const listener = await offerPort(connection);
          const data = await listener.connection;
          await connection.answer('RETR /a');
          await clock.running(500);
          clock.advance(500);
          await data.startTls(identity);
          data.end();
          connection.say('226 done');
        }
      },
      { preliminaryReply: 'expected', clock },
    );
    expect(await fetchText(at.client)).toBe('');
    expect(await fetchText(at.client)).toBe('');
  });
});

describe('the option "listing"', () => {
  const entry = '-rw-r--r--   1 ada  ada   12 Jan 15 12:00 a\r\n';

  it.each([
    ['list', 'LIST -a'],
    ['plainList', 'LIST'],
  ] as const)('C-45: "%s" says %s, whatever FEAT lists', async (listing, command) => {
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer('CWD /', '250 there');
        await showSecurely(connection, command, entry);
      },
      { listing },
    );
    expect((await at.client.list('/')).entries).toHaveLength(1);
  });
});

describe('the certificate of a provider', () => {
  it('C-22: has the option named that says whose name is right', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(identity);
      await connection.answer('QUIT', '221 bye');
      connection.end();
    });
    const { ca = [] } = optionsFor(server).tls ?? {};
    const options = optionsFor(server, { tls: { ca, servername: 'my.example' } });
    const error = await failureOf(FtpsClient.connect(options));
    expect(error.certificate?.problem).toBe('wrongName');
    expect(error.message).toContain('"servername"');
  });
});

describe('a slow password', () => {
  it('C-54: has the limit named that can be raised', async () => {
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('USER ada', '331 password');
      await connection.hear();
    });
    const failure = failureOf(FtpsClient.connect(optionsFor(server, { security: 'none', clock })));
    await server.done();
    clock.pass('login');
    expect((await failure).message).toContain('"login"');
  });
});
