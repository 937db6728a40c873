import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { ScriptedServer } from '../support/scriptedServer.ts';
import { failureOf, farewell, greetSecurely, KeptLog, optionsFor } from './dialogue.ts';
import { eager, flight, known, losses, replacing, stepByStep, whole } from './flights.ts';
import { identity } from './identity.ts';
import { limits, WatchedClock } from './watchedClock.ts';

const remembered = { ...known, features: 'Features\n MLST type*;size;\n SIZE\nEnd' };
const opts = [['OPTS MLST type;size;', '200 ok']] as const;
const feat = whole.slice(-1);
const withFacts = [...whole.slice(0, -1), ...opts, ...feat];

describe('AUTH to a server that is known', () => {
  it('leaves before the greeting comes, which is heard first all the same', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await connection.answer('AUTH TLS', '220-Welcome', '220 ready', '234 go');
      await connection.startTls(identity);
      await flight(connection, whole);
    });
    const client = await FtpsClient.connect(optionsFor(server, eager(known)));
    expect(client.report().protection).toBe('P');
    client.destroy();
  });

  it.each([
    ['421 full', 'tooManySessions'],
    ['530 not you', 'refused'],
  ])('is void where the greeting is %s', async (greeting, kind) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say(greeting);
      await connection.answer('AUTH TLS');
      if (greeting.startsWith('421')) return connection.end();
      connection.say('530 not you either');
      await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, eager(known))));
    expect(error).toMatchObject({ kind, step: 'greeting' });
    expect(server.connections).toHaveLength(1);
  });

  it('C-12: starts no TLS where more than its answer comes in clear', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await connection.answer('AUTH TLS', '220 ready', '234 go', '230 in');
      await connection.ended;
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, eager(known))));
    expect(error.kind).toBe('protocol');
    expect(new Set(server.heard)).toEqual(new Set(['AUTH TLS']));
  });

  it('is said again, behind the greeting, where the server has lost it', async () => {
    const clock = new WatchedClock();
    const log = new KeptLog();
    await using server = await ScriptedServer.listen(async (connection, index) => {
      if (index > 0) return stepByStep(connection);
      connection.say('220 ready');
      await connection.answer('AUTH TLS');
      await connection.ended;
    });
    const options = eager(known, { clock, log });
    const connecting = FtpsClient.connect(optionsFor(server, options));
    await log.wrote('< 220');
    await clock.running('reply');
    clock.advance(limits.reply);
    const client = await connecting;
    expect(await client.size('/a')).toBe(5);
    expect(options.traits.loginInOneFlight).toBe(false);
    client.destroy();
  });
});

describe('the features of a server that is known', () => {
  it('are remembered from the login before', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, replacing(whole, 'FEAT', '211-Features', ' MLST type*;', ' SIZE', '211 End'));
    });
    const options = eager(known);
    const client = await FtpsClient.connect(optionsFor(server, options));
    expect(options.traits.features).toBe('Features\n MLST type*;\n SIZE\nEnd');
    client.destroy();
  });

  it.each(['500 what', '211 none'])('are forgotten where FEAT gets %s', async (reply) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, replacing(withFacts, 'FEAT', reply));
      await connection.answer('NOOP', '200 here');
    });
    const options = eager(remembered);
    const client = await FtpsClient.connect(optionsFor(server, options));
    await client.noop();
    expect(client.features.names).toEqual([]);
    expect(options.traits.features).toBe(reply.startsWith('211') ? 'none' : undefined);
    client.destroy();
  });

  it('C-48: are asked for anew, and nobody waits for the answer; C-51: the facts leave with the question', async () => {
    let tell = (): void => {};
    const ready = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, withFacts, withFacts.length - 1);
      await ready;
      connection.say('211-Features', ' HASH SHA-1', '211 End');
      await connection.answer('NOOP', '200 here');
    });
    const options = eager(remembered);
    const client = await FtpsClient.connect(optionsFor(server, options));
    expect(client.features.names).toEqual(['MLST', 'SIZE']);
    tell();
    await client.noop();
    expect(client.features.names).toEqual(['HASH']);
    expect(options.traits.features).toContain('HASH SHA-1');
    client.destroy();
  });

  it.each(losses)(
    'are waited for the next time where the server was lost at the question, and blamed if it is lost again: %s',
    async (_, lose) => {
      await using server = await ScriptedServer.listen(async (connection, index) => {
        if (index > 1) return stepByStep(connection);
        await greetSecurely(connection);
        await (index === 0
          ? flight(connection, withFacts, withFacts.length - 1)
          : flight(connection, whole, whole.length - 1));
        lose(connection);
      });
      const options = optionsFor(server, eager(remembered));
      const client = await FtpsClient.connect(options);
      expect(await client.closed).toMatchObject({ kind: 'closed' });
      expect(options.traits).toMatchObject({ loginInOneFlight: true, features: undefined });
      const another = await FtpsClient.connect(options);
      expect(await another.size('/a')).toBe(5);
      expect(options.traits).toMatchObject({ loginInOneFlight: false });
      another.destroy();
    },
  );

  it('C-53: end the session where another reply comes in their place', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, replacing(withFacts, 'FEAT', '200 ok'));
      await connection.ended;
    });
    const options = eager(remembered);
    const client = await FtpsClient.connect(optionsFor(server, options));
    expect(await client.closed).toMatchObject({ kind: 'protocol' });
    expect(options.traits.loginInOneFlight).toBe(false);
  });

  it('stay in memory where this end lets go of the session before the answer', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, withFacts, withFacts.length - 1);
      await connection.ended;
    });
    const options = eager(remembered);
    const client = await FtpsClient.connect(optionsFor(server, options));
    client.destroy();
    expect(await client.closed).toBeUndefined();
    expect(options.traits).toMatchObject(remembered);
  });
});
