import { describe, expect, it } from 'vitest';
import type { Security, TimeoutName } from '../../src/client/connectOptions.ts';
import type { Step } from '../../src/client/errors.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { newServerTraits } from '../../src/client/serverTraits.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import { admit, failureOf, greetSecurely, KeptLog, optionsFor, password, welcome } from './dialogue.ts';
import { identity } from './identity.ts';
import { limits, WatchedClock } from './watchedClock.ts';

interface Hang {
  readonly at: string;
  readonly security?: Security;
  /** Says its part, and ends where the server falls silent. */
  readonly script: (connection: ScriptedConnection) => Promise<void> | void;
  /** The last line of the log before the silence, where the limit of an earlier reply could be running still. */
  readonly after?: string;
  readonly limit: TimeoutName;
  readonly step: Step;
  readonly message: RegExp;
}

const hangs: readonly Hang[] = [
  {
    at: 'the greeting',
    script: () => {},
    limit: 'greeting',
    step: 'greeting',
    message: /the greeting within 12 s.*security "implicit"/,
  },
  {
    at: 'the greeting behind a 120',
    script: (connection) => connection.say('120 soon'),
    after: '< 120',
    limit: 'greeting',
    step: 'greeting',
    message: /the greeting/,
  },
  {
    at: 'AUTH',
    script: async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS');
    },
    limit: 'reply',
    step: 'auth',
    message: /the reply to AUTH.*try again/,
  },
  {
    at: 'the TLS handshake',
    script: async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      await connection.hearAnything();
    },
    limit: 'tls',
    step: 'tls',
    message: /TLS handshake.*check security/,
  },
  {
    at: 'the TLS handshake of the implicit mode',
    security: 'implicit',
    script: (connection) => connection.hearAnything(),
    limit: 'tls',
    step: 'tls',
    message: /TLS handshake.*check security/,
  },
  {
    at: 'the greeting of the implicit mode',
    security: 'implicit',
    script: async (connection) => {
      await connection.startTls(identity);
    },
    limit: 'greeting',
    step: 'greeting',
    message: /the greeting/,
  },
  {
    at: 'USER',
    script: async (connection) => {
      await greetSecurely(connection);
      await connection.answer('USER ada');
    },
    limit: 'login',
    step: 'login',
    message: /the reply to USER.*"login"/,
  },
  {
    at: 'PASS',
    script: async (connection) => {
      await greetSecurely(connection);
      await connection.answer('USER ada', '331 password');
      await connection.answer(`PASS ${password}`);
    },
    limit: 'login',
    step: 'login',
    message: /the reply to PASS.*"login"/,
  },
  ...(
    [
      ['FEAT', '< 230', 'features'],
      ['OPTS', '< 211', 'features'],
      ['PBSZ', '< 501', 'protection'],
      ['PROT', '< 202', 'protection'],
      ['TYPE', '< 200', 'command'],
    ] as const
  ).map(
    ([verb, after, step], silent): Hang => ({
      at: verb,
      script: async (connection) => {
        await greetSecurely(connection);
        await admit(connection);
        const replies = ['211 none', '501 no', '202 PBSZ=0', '200 private'];
        for (const reply of replies.slice(0, silent)) await connection.answer(/./, reply);
        await connection.hear();
      },
      after,
      limit: 'reply',
      step,
      message: new RegExp(`the reply to ${verb}.*"reply"`),
    }),
  ),
];

/** What a server answers that bears whatever leaves ahead of its replies. */
const answers: Readonly<Record<string, string>> = {
  USER: '331 password',
  PASS: '230 in',
  OPTS: '200 names',
  PBSZ: '200 PBSZ=0',
  PROT: '200 private',
  TYPE: '200 binary',
  // Nobody answers there: the connection behind it is opened only to lie ready.
  EPSV: '229 go (|||9|)',
  FEAT: '211 none',
};

describe('a server that falls silent', () => {
  it.each(hangs)('C-54: at $at ends the attempt by its own limit', async (hang) => {
    const clock = new WatchedClock();
    const log = new KeptLog();
    await using server = await ScriptedServer.listen(hang.script);
    const { security = 'explicit' } = hang;
    const options = optionsFor(server, { security, clock, log, pipelining: 'never' });
    const failure = failureOf(FtpsClient.connect(options));
    await server.done();
    await log.wrote(hang.after ?? '');
    await clock.running(hang.limit);
    clock.advance(limits[hang.limit] - 1);
    expect(clock.pending()).toEqual([1]);
    clock.advance(1);
    const error = await failure;
    expect(error).toMatchObject({ kind: 'timeout', limit: hang.limit, step: hang.step });
    expect(error.message).toMatch(hang.message);
    expect(error.message).not.toContain(password);
    expect(clock.pending()).toEqual([]);
    await Promise.all(server.connections.map((connection) => connection.ended));
  });

  it.each([
    ['USER', 'login', 1],
    ['PASS', 'login', 1],
    // Perhaps haste was to blame: asked again with less of it, and then with none.
    ['OPTS', 'reply', 3],
    ['PBSZ', 'reply', 3],
    ['PROT', 'reply', 3],
    ['TYPE', 'reply', 3],
    ['FEAT', 'reply', 3],
  ] as const)(
    'C-54: at %s ends the attempt by the limit "%s", also where all is said in one flight',
    async (verb, limit, attempts) => {
      const clock = new WatchedClock();
      const log = new KeptLog();
      let said = 0;
      let silences = 0;
      const isSilent = (connections: number): boolean =>
        silences === connections && log.lines.filter((line) => line.startsWith('< ')).length === said;
      await using server = await ScriptedServer.listen(async (connection) => {
        await greetSecurely(connection);
        said += 2;
        for (;;) {
          const [heard = ''] = (await connection.hear()).split(' ');
          if (heard === verb) break;
          connection.say(answers[heard] ?? '500 what');
          said += 1;
        }
        silences += 1;
        await connection.ended;
      });
      const traits = { ...newServerTraits(), bearsUnresumed: true };
      const failure = failureOf(FtpsClient.connect(optionsFor(server, { clock, log, traits })));
      for (let attempt = 1; attempt <= attempts; attempt++) {
        while (!isSilent(attempt)) await new Promise(setImmediate);
        expect(clock.runs(limit)).toBe(true);
        clock.pass(limit);
      }
      const error = await failure;
      expect(error).toMatchObject({ kind: 'timeout', limit });
      expect(error.message).toMatch(new RegExp(`the reply to ${verb} within .*"${limit}"`));
      expect(error.message).not.toContain(password);
      expect(clock.pending()).toEqual([]);
      await Promise.all(server.connections.map((connection) => connection.ended));
      expect(server.connections).toHaveLength(attempts);
    },
  );

  it('C-54: at the look-up of its name ends the attempt by the limit of connecting', async () => {
    const clock = new WatchedClock();
    const options = optionsFor({ port: 21 }, { host: 'ftp.example.org', clock, lookup: () => {} });
    const failure = failureOf(FtpsClient.connect(options));
    await clock.running('connect');
    clock.pass('connect');
    const error = await failure;
    expect(error).toMatchObject({ kind: 'timeout', limit: 'connect', step: 'resolve' });
    expect(error.message).toMatch(/an address of ftp\.example\.org.*Check host/);
    expect(clock.pending()).toEqual([]);
  });

  it('C-54: at the TCP connection ends the attempt by the limit of connecting', async () => {
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(() => {});
    // The connection cannot be up before this turn of the event loop is over.
    const failure = failureOf(FtpsClient.connect(optionsFor(server, { clock })));
    clock.pass('connect');
    const error = await failure;
    expect(error).toMatchObject({ kind: 'timeout', limit: 'connect', step: 'connect' });
    expect(error.message).toContain(`127.0.0.1:${server.port}`);
    expect(clock.pending()).toEqual([]);
  });

  it.each([
    ['PWD', (client: FtpsClient) => client.workingDirectory()],
    ['MLST', (client: FtpsClient) => client.stat('/a')],
    ['SIZE', (client: FtpsClient) => client.size('/a')],
    ['MDTM', (client: FtpsClient) => client.modifiedAt('/a')],
    ['SITE', (client: FtpsClient) => client.setMode('/a', 0o644)],
    ['MKD', (client: FtpsClient) => client.createDirectory('/a')],
    ['RNFR', (client: FtpsClient) => client.rename('/a', '/b')],
    ['NOOP', (client: FtpsClient) => client.noop()],
  ])('C-54: at %s fails the call by the limit of a reply, and ends the session', async (verb, call) => {
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.hear();
    });
    const client = await FtpsClient.connect(optionsFor(server, { clock }));
    const failures = Promise.all([failureOf(call(client)), failureOf(client.noop())]);
    await server.done();
    clock.pass('reply');
    const [error, next] = await failures;
    expect(error).toMatchObject({ kind: 'timeout', limit: 'reply', step: 'command' });
    expect(error.message).toContain(`the reply to ${verb}`);
    expect(next).toMatchObject({ kind: 'timeout', limit: 'reply' });
    expect(await client.closed).toBe(error);
    expect(client.isOpen).toBe(false);
    expect(clock.pending()).toEqual([]);
  });

  it('C-54: at CWD, where there is no MLSD, fails the listing', async () => {
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection, []);
      await connection.answer('CWD /a');
    });
    const client = await FtpsClient.connect(optionsFor(server, { clock }));
    const failure = failureOf(client.list('/a'));
    await server.done();
    clock.pass('reply');
    expect(await failure).toMatchObject({ kind: 'timeout', limit: 'reply' });
    expect(clock.pending()).toEqual([]);
  });

  it('C-54, C-57: at QUIT, and at the end of the connection, is not waited for longer than the limit of closing', async () => {
    const clock = new WatchedClock();
    await using mute = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('QUIT');
    });
    const first = await FtpsClient.connect(optionsFor(mute, { clock }));
    const leaving = first.quit();
    await mute.done();
    clock.pass('close');
    await leaving;
    await using clinging = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('QUIT', '221 bye');
      await connection.ended;
    });
    const second = await FtpsClient.connect(optionsFor(clinging, { clock }));
    const leavingToo = second.quit();
    await clinging.done();
    clock.pass('close');
    await leavingToo;
    expect(clock.pending()).toEqual([]);
    await second.closed;
  });
});
