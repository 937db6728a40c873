import { beforeEach, describe, expect, it } from 'vitest';
import { FtpsError } from '../../src/client/errors.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { newServerTraits, type ServerTraits } from '../../src/client/serverTraits.ts';
import { KnownServer } from '../../src/remote/knownServer.ts';
import { failureOf, greetSecurely, optionsFor, password } from '../client/dialogue.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { ScriptedServer } from '../support/scriptedServer.ts';

const lost = new FtpsError('closed', 'features', 'The connection was lost.');

let clock: FakeClock;
let changes: number;
let tried: ServerTraits[];

beforeEach(() => {
  clock = new FakeClock();
  changes = 0;
  tried = [];
});

function known(kept: Partial<ServerTraits> = {}): KnownServer {
  const traits = Object.fromEntries(
    Object.entries(kept).map(([name, value]) => [name, { value, at: clock.now() }]),
  );
  return new KnownServer({ clock, record: { traits }, onChange: () => changes++ });
}

/** Opens a session, as the server answers; keeps what each attempt was made with. */
function open(server: KnownServer, answer: (traits: ServerTraits, attempt: number) => void): Promise<string> {
  return server.open(async (traits) => {
    tried.push({ ...traits });
    answer(traits, tried.length);
    return 'open';
  });
}

describe('what is known of a server', () => {
  it('is what sessions begin with, and what they find out is added to it with its time', async () => {
    const server = known({ extendedPassive: false });
    const at = clock.now();
    clock.advance(5000);
    await open(server, (traits) => {
      traits.active = true;
      traits.boundToTls12 = false;
    });
    expect(tried).toEqual([{ ...newServerTraits(), extendedPassive: false }]);
    expect(server.record().traits).toEqual({
      extendedPassive: { value: false, at },
      active: { value: true, at: at + 5000 },
    });
    expect(changes).toBe(1);
  });

  it('is kept no longer when it turned out to be as with any other server', async () => {
    const server = known({ active: true });
    await open(server, (traits) => {
      traits.active = false;
    });
    expect([server.record().traits, changes]).toEqual([{}, 1]);
  });

  it('holds the most sessions that it bears', () => {
    const server = known();
    server.learnLimit({ sessions: 2, at: 7 });
    expect([server.learntLimit, server.record().limit, changes]).toEqual([
      { sessions: 2, at: 7 },
      { sessions: 2, at: 7 },
      1,
    ]);
  });
});

describe('a session that breaks off while it is opened', () => {
  it('is opened as if nothing were known, and what was known is forgotten when that helps', async () => {
    const server = known({ preliminaryFirst: false, timeOffset: 0 });
    const before: ServerTraits[] = [];
    const answer = (traits: ServerTraits) => {
      if (traits.preliminaryFirst) return;
      before.push(traits);
      throw lost;
    };
    expect(await open(server, answer)).toBe('open');
    expect(tried.map(({ preliminaryFirst }) => preliminaryFirst)).toEqual([false, true]);
    expect([server.record().traits, changes]).toEqual([{}, 1]);
    await open(server, answer);
    expect(tried).toHaveLength(3);
    Object.assign(before[0] ?? {}, { active: true });
    expect([server.record().traits, changes]).toEqual([{}, 1]);
  });

  it('is opened again with what the first attempt found out, and all the rest stays known', async () => {
    const server = known({ extendedPassive: false });
    await open(server, (traits, attempt) => {
      if (attempt > 1) return;
      traits.stepByStep = true;
      throw lost;
    });
    expect(tried[1]).toEqual({ ...newServerTraits(), extendedPassive: false, stepByStep: true });
    expect(Object.keys(server.record().traits)).toEqual(['extendedPassive', 'stepByStep']);
  });

  it('is tried twice at most, and nothing is forgotten when the second attempt fails too', async () => {
    const server = known({ extendedPassive: false });
    const opening = open(server, () => {
      throw lost;
    });
    await expect(opening).rejects.toBe(lost);
    expect(tried).toHaveLength(2);
    expect([Object.keys(server.record().traits), changes]).toEqual([['extendedPassive'], 0]);
  });

  it('is not tried again where nothing was known', async () => {
    const opening = open(known(), () => {
      throw lost;
    });
    await expect(opening).rejects.toBe(lost);
    expect(tried).toHaveLength(1);
  });

  it.each([
    new FtpsError('loginRefused', 'login', 'Refused.'),
    new FtpsError('certificate', 'certificate', 'Expired.'),
    new FtpsError('aborted', 'login', 'Cancelled.'),
    new FtpsError('closed', 'greeting', 'Reset.'),
    new FtpsError('closed', 'login', 'A wrong password, perhaps.'),
    new FtpsError('timeout', 'connect', 'Silence.'),
    new Error('Another.'),
  ])('because of %s is not tried again', async (error) => {
    const opening = open(known({ extendedPassive: false }), () => {
      throw error;
    });
    await expect(opening).rejects.toBe(error);
    expect(tried).toHaveLength(1);
  });

  it('settles for all that were opened beside it what the server is like', async () => {
    const server = known({ extendedPassive: false });
    const answer = ({ extendedPassive }: ServerTraits) => {
      if (!extendedPassive) throw lost;
    };
    const openOne = () =>
      server.open(async (traits) => {
        await Promise.resolve();
        answer(traits);
        return traits;
      });
    const opened = await Promise.all([openOne(), openOne()]);
    expect(opened[0]).toBe(opened[1]);
    opened[0].active = true;
    expect([Object.keys(server.record().traits), changes]).toEqual([['active'], 2]);
  });
});

describe('a server that hangs up on a wrong password', () => {
  it.each([{}, { extendedPassive: false }])('is told it once, whatever is known of it (%o)', async (kept) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await connection.answer('USER ada', '331 password');
      await connection.answer(`PASS ${password}`);
      connection.socket.destroy();
    });
    const opening = known(kept).open((traits) => FtpsClient.connect(optionsFor(server, { traits })));
    expect(await failureOf(opening)).toMatchObject({ kind: 'closed', step: 'login' });
    expect(server.heard.filter((line) => line.startsWith('PASS'))).toHaveLength(1);
  });
});
