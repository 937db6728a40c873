import { describe, expect, it } from 'vitest';
import { dataListener, type ScriptedConnection } from '../support/scriptedServer.ts';
import { ahead, named, readsOn, sequential, show, welcomeAhead } from './ahead.ts';
import { failureOf, KeptLog, offerPort, showSecurely, welcome } from './dialogue.ts';
import { losses } from './flights.ts';
import { identity } from './identity.ts';
import { WatchedClock } from './watchedClock.ts';

const itself = 'drwxr-xr-x   2 ada  ada 4096 Jan 15 12:00 .\r\n';

function lineOf(name: string): string {
  return `-rw-r--r--   1 ada  ada   12 Jan 15 12:00 ${name}\r\n`;
}

const [elsewhere, here] = [itself + lineOf('elsewhere'), itself + lineOf('here')];

/** Hears CWD and LIST before it answers either. */
async function hearBoth(connection: ScriptedConnection, folder = '/a', list = 'LIST -a'): Promise<void> {
  await connection.answer(`CWD ${folder}`);
  await connection.answer(list);
}

/** What is listed, by name. */
async function names(listing: Promise<{ readonly entries: readonly { readonly name: string }[] }>) {
  return (await listing).entries.map(({ name }) => name);
}

describe('CWD and the LIST of the folder', () => {
  it.each([['250 there'], ['200 there'], ['250-you are', ' in /a', '250 there']])(
    'C-45: leave in one flight, and the next folder as well (%s)',
    async (...moved) => {
      await using at = await ahead(
        async (connection) => {
          const data = await (await welcomeAhead(connection)).connection;
          await hearBoth(connection);
          connection.say(...moved);
          await show(connection, data, here);
          const next = await (await offerPort(connection)).connection;
          await hearBoth(connection, '/b');
          connection.say(...moved);
          await show(connection, next, itself + lineOf('b'));
        },
        { traits: readsOn },
      );
      expect(await names(at.client.listLong('/a'))).toEqual(['here']);
      expect(await names(at.client.listLong('/b'))).toEqual(['b']);
      expect(at.traits.cwdWithList).toBe(true);
    },
  );

  it.each([['250 there'], ['200 there']])(
    'C-53: keep their replies (%s) where a NOOP behind them is to tell the order of things',
    async (moved) => {
      await using at = await ahead(async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await hearBoth(connection);
        await connection.answer('NOOP', moved);
        await show(connection, data, here, '200 well');
      });
      expect(await names(at.client.listLong('/a'))).toEqual(['here']);
      expect(at.traits).toMatchObject({ cwdWithList: true, sequential: true });
    },
  );

  it('have the next port asked for behind them', async () => {
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await hearBoth(connection);
        await connection.answer('EPSV', '250 there');
        const next = await dataListener();
        await show(connection, data, here, named(next));
        await hearBoth(connection, '/b');
        await connection.answer('EPSV', '250 there');
        await show(connection, await next.connection, here, '421 enough');
      },
      { traits: { ...sequential, earlyEnd: false } },
    );
    expect(await names(at.client.listLong('/a'))).toEqual(['here']);
    expect(await names(at.client.listLong('/b'))).toEqual(['here']);
  });

  it('C-17: leave out CWD when LIST alone was refused, and is said again', async () => {
    await using at = await ahead(
      async (connection) => {
        await welcomeAhead(connection);
        await hearBoth(connection);
        connection.say('250 there', '500 what is -a?');
        const data = await (await offerPort(connection)).connection;
        await connection.answer('LIST', '425 no connection');
        data.socket.destroy();
        const again = await (await offerPort(connection)).connection;
        await connection.answer('LIST');
        await show(connection, again, here);
        const next = await (await offerPort(connection)).connection;
        await hearBoth(connection, '/b', 'LIST');
        connection.say('250 there');
        await show(connection, next, here);
      },
      { traits: readsOn },
    );
    expect(await names(at.client.listLong('/a'))).toEqual(['here']);
    expect(await names(at.client.listLong('/b'))).toEqual(['here']);
  });

  it('C-54: have no limit while data moves, although CWD is answered only then', async () => {
    const clock = new WatchedClock();
    const log = new KeptLog();
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await hearBoth(connection);
        await data.startTls(identity);
        data.sayRaw(here);
        await clock.running('dataIdle');
        connection.say('250 there');
        await log.wrote('< 250');
        expect(clock.runs('reply')).toBe(false);
        data.end();
        await clock.running('reply');
        connection.say('150 opening', '226 done');
      },
      { traits: readsOn, clock, log },
    );
    expect(await names(at.client.listLong('/a'))).toEqual(['here']);
  });
});

describe('a refused CWD whose LIST is on its way', () => {
  it('is what is reported, and what LIST shows of another folder is thrown away', async () => {
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await hearBoth(connection);
        connection.say('550 no such folder');
        await show(connection, data, elsewhere);
        const next = await (await offerPort(connection)).connection;
        await hearBoth(connection, '/b');
        connection.say('250 there');
        await show(connection, next, here);
      },
      { traits: readsOn },
    );
    const error = await failureOf(at.client.listLong('/a'));
    expect(error).toMatchObject({ kind: 'refused', step: 'command', reply: { code: 550 } });
    expect(error.message).toContain('/a');
    expect(await names(at.client.listLong('/b'))).toEqual(['here']);
  });

  it('is no reason to ask an empty folder without -a', async () => {
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await hearBoth(connection);
        connection.say('550 no such folder');
        await show(connection, data, '');
        await offerPort(connection);
        await connection.answer('NOOP', '200 here');
      },
      { traits: readsOn },
    );
    expect(await failureOf(at.client.listLong('/a'))).toMatchObject({
      step: 'command',
      reply: { code: 550 },
    });
    await at.client.noop();
    expect(at.traits.dotFiles).toBe(true);
  });

  it.each([
    ['550 no', true],
    ['500 what', true],
    ['426 cut', true],
    ['451 no', true],
    ['550 no', false],
  ])('is what is reported where LIST is refused as well (%s)', async (refusal, dotFiles) => {
    const list = dotFiles ? 'LIST -a' : 'LIST';
    await using at = await ahead(
      async (connection) => {
        await welcomeAhead(connection);
        await hearBoth(connection, '/a', list);
        connection.say('553 no such folder', refusal);
        for (;;) {
          const line = await connection.hear();
          if (line === 'EPSV') connection.say(named(await dataListener()));
          if (line === 'NOOP') return connection.say('200 here');
        }
      },
      { traits: { ...readsOn, dotFiles } },
    );
    const error = await failureOf(at.client.listLong('/a'));
    expect(error).toMatchObject({ kind: 'refused', step: 'command', reply: { code: 553 } });
    await at.client.noop();
    expect(at.server.heard.filter((line) => line.startsWith('LIST'))).toEqual([list]);
  });

  it('C-53: ends the session by 421, and is not said again', async () => {
    await using at = await ahead(
      async (connection) => {
        await welcomeAhead(connection);
        await hearBoth(connection);
        connection.say('421 no more of that');
        connection.end();
      },
      { traits: readsOn },
    );
    const error = await failureOf(at.client.listLong('/a'));
    expect(error).toMatchObject({ kind: 'closed', reply: { code: 421 } });
    expect(at.server.connections).toHaveLength(1);
  });
});

/** Lists a folder for a client that says one command at a time. */
async function listOneByOne(connection: ScriptedConnection): Promise<void> {
  await welcome(connection);
  await connection.answer('CWD /a', '250 there');
  await showSecurely(connection, 'LIST -a', here);
}

/** The same for one that knows that only CWD must not be followed at once. */
async function listCarefully(connection: ScriptedConnection, data: ScriptedConnection): Promise<void> {
  await connection.answer('CWD /a', '250 there');
  await connection.answer('LIST -a');
  await show(connection, data, here);
}

describe('a session that is lost over CWD and LIST in one flight', () => {
  const points: readonly (readonly [string, readonly string[]])[] = [
    ['before an answer', []],
    ['behind CWD', ['250 there']],
    ['behind 150', ['250 there', '150 opening']],
  ];
  const ways = losses.flatMap(([how, lose]) => points.map(([when, said]) => ({ how, lose, when, said })));

  it.each(ways)('is replaced by one that says them one by one ($how, $when)', async ({ lose, said }) => {
    await using at = await ahead(async (connection, index) => {
      if (index > 0) return listOneByOne(connection);
      await welcomeAhead(connection);
      await hearBoth(connection);
      if (said.length > 0) connection.say(...said);
      await new Promise(setImmediate);
      lose(connection);
    });
    expect(await names(at.client.listLong('/a'))).toEqual(['here']);
    expect(at.traits).toMatchObject({ stepByStep: true, cwdWithList: false });
  });

  it.each([
    ['150 opening', '250 there'],
    ['226 done', '250 there'],
    ['150 opening', '226 done', '250 there'],
    ['150 opening', '226 done', '550 no such folder'],
  ])('C-53: or answers them out of turn (%s, %s, %s)', async (...said) => {
    await using at = await ahead(
      async (connection, index) => {
        const data = await (await welcomeAhead(connection)).connection;
        if (index > 0) return listCarefully(connection, data);
        await hearBoth(connection);
        connection.say(...said);
        await data.startTls(identity).catch(() => {});
        data.sayRaw(elsewhere);
        data.end();
      },
      { traits: { ...readsOn, cwdWithList: true } },
    );
    expect(await names(at.client.listLong('/a'))).toEqual(['here']);
    expect(at.traits).toMatchObject({ stepByStep: false, cwdWithList: false });
  });

  it('is replaced too where all else ahead of its need was borne', async () => {
    await using at = await ahead(
      async (connection, index) => {
        const data = await (await welcomeAhead(connection)).connection;
        if (index > 0) return listCarefully(connection, data);
        await hearBoth(connection);
        connection.end();
      },
      { traits: readsOn },
    );
    expect(await names(at.client.listLong('/a'))).toEqual(['here']);
    expect(at.traits).toMatchObject({ stepByStep: false, cwdWithList: false });
  });

  it('is not blamed on that where it was borne before', async () => {
    await using at = await ahead(
      async (connection) => {
        await welcomeAhead(connection);
        await hearBoth(connection);
        connection.end();
      },
      { traits: { ...readsOn, cwdWithList: true } },
    );
    expect(await failureOf(at.client.listLong('/a'))).toMatchObject({ kind: 'closed' });
    expect(at.traits.cwdWithList).toBe(true);
  });
});

describe('a listing that is cancelled', () => {
  it('C-40: with CWD on its way leaves the session in order, and in the folder', async () => {
    const abort = new AbortController();
    await using at = await ahead(
      async (connection) => {
        const data = await (await welcomeAhead(connection)).connection;
        await hearBoth(connection);
        abort.abort();
        await connection.answer('ABOR');
        await data.ended;
        connection.say('200 there', '426 you hung up', '226 aborted');
        await connection.answer('NOOP', '200 here');
        await connection.answer('CWD /', '250 there');
        await connection.answer('RMD /a', '250 gone');
      },
      { traits: readsOn },
    );
    expect(await failureOf(at.client.listLong('/a', abort.signal))).toMatchObject({ kind: 'aborted' });
    await at.client.removeDirectory('/a');
  });

  it('before its data connection is there says neither', async () => {
    const abort = new AbortController();
    await using at = await ahead(
      async (connection) => {
        await welcomeAhead(connection);
        await connection.answer('NOOP', '200 here');
      },
      { traits: readsOn },
    );
    abort.abort();
    expect(await failureOf(at.client.listLong('/a', abort.signal))).toMatchObject({ kind: 'aborted' });
    await at.client.noop();
  });

  it('C-47: or that cannot be said, takes no data connection', async () => {
    await using at = await ahead(
      async (connection) => {
        await welcomeAhead(connection);
        await connection.answer('NOOP', '200 here');
      },
      { traits: readsOn },
    );
    const error = await failureOf(at.client.listLong('/a\r\nDELE /b'));
    expect(error).toMatchObject({ kind: 'invalidArgument' });
    await at.client.noop();
    expect(at.client.report().dataConnections).toBe(0);
  });

  it('that is refused leaves a session, though the data connection behind it takes one along', async () => {
    await using at = await ahead(
      async (connection, index) => {
        const data = await (await welcomeAhead(connection)).connection;
        await hearBoth(connection);
        connection.say('550 no such folder');
        if (index === 0) return void data.socket.resetAndDestroy();
        connection.say('550 nothing to list');
        await connection.answer('NOOP', '200 here');
      },
      { traits: readsOn },
    );
    expect(await failureOf(at.client.listLong('/a'))).toMatchObject({ reply: { code: 550 } });
    await at.client.noop();
  });
});
