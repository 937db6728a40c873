import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { ScriptedServer } from '../support/scriptedServer.ts';
import { failureOf, farewell, greetSecurely, KeptLog, optionsFor } from './dialogue.ts';
import {
  behindName,
  eager,
  flight,
  known,
  losses,
  name,
  pass,
  patient,
  replacing,
  stepByStep,
  whole,
} from './flights.ts';
import { limits, WatchedClock } from './watchedClock.ts';

describe('the login to a server that is known', () => {
  it('leaves as a whole, once the certificate is accepted', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, whole);
      await connection.answer('SIZE /a', '213 5');
    });
    const client = await FtpsClient.connect(optionsFor(server, eager(known)));
    expect(await client.size('/a')).toBe(5);
    expect(client.report().protection).toBe('P');
    client.destroy();
  });

  it('C-21: says nothing to one whose certificate is not trusted', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, eager(known, { tls: {} }))));
    expect(error.kind).toBe('certificate');
    expect(server.heard).toEqual(['AUTH TLS', 'QUIT']);
  });

  it('C-11: says nothing to one that refuses AUTH', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '534 no');
      await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, eager(known))));
    expect(error.kind).toBe('securityRefused');
    expect(server.heard).toEqual(['AUTH TLS', 'QUIT']);
  });

  it.each(['OPTS', 'PBSZ', 'FEAT'])('is not shifted where %s is refused', async (verb) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, replacing(whole, verb, '500 what'));
      await connection.answer('SIZE /a', '213 5');
    });
    const client = await FtpsClient.connect(optionsFor(server, eager(known)));
    expect(client.report().protection).toBe('P');
    expect(client.features.has('MLST')).toBe(verb !== 'FEAT');
    expect(await client.size('/a')).toBe(5);
    client.destroy();
  });

  it('C-41: says TYPE once more where it is refused for the moment', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, replacing(whole, 'TYPE', '451 later'));
      await connection.answer('TYPE I', '200 binary');
      await connection.answer('SIZE /a', '213 5');
    });
    const client = await FtpsClient.connect(optionsFor(server, eager(known)));
    expect(await client.size('/a')).toBe(5);
    client.destroy();
  });

  it('C-18: ends where PROT is refused, and is not tried again', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, replacing(whole, 'PROT', '534 no'));
      await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, eager(known))));
    expect(error).toMatchObject({ kind: 'securityRefused', step: 'protection' });
    expect(server.connections).toHaveLength(1);
  });

  it.each([{}, known])(
    'says a wrong password once, whatever is answered to what left with it: %j',
    async (traits) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await greetSecurely(connection);
        if (!('loginInOneFlight' in traits)) await flight(connection, name);
        const refused = behindName.map(([command]) => [command, '530 log in first'] as const);
        await flight(connection, 'loginInOneFlight' in traits ? [...name, ...refused] : refused);
        await farewell(connection);
      });
      const options = eager(traits);
      const error = await failureOf(FtpsClient.connect(optionsFor(server, options)));
      expect(error).toMatchObject({ kind: 'loginRefused', reply: { code: 530 } });
      expect(server.heard.filter((line) => line === pass)).toHaveLength(1);
      expect(server.connections).toHaveLength(1);
      expect(options.traits).toMatchObject(traits);
    },
  );

  it('says a wrong password once to a server that hangs up behind its refusal', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, replacing(whole, 'PASS', '530 wrong'), 2);
      connection.end();
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, eager(known))));
    expect(error).toMatchObject({ kind: 'loginRefused' });
    expect(server.connections).toHaveLength(1);
  });

  it('C-19: ends where USER is refused', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, replacing(replacing(whole, 'USER', '530 unknown'), 'PASS', '503 USER first'));
      await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, eager(known))));
    expect(error).toMatchObject({ kind: 'loginRefused', reply: { lines: ['unknown'] } });
    expect(server.connections).toHaveLength(1);
  });

  it.each([
    ['USER', '230 in'],
    ['USER', '232 in'],
    ['PASS', '332 account'],
    ['PASS', '331 once more'],
  ])('C-19: begins anew, step by step, where %s gets %s this time', async (verb, reply) => {
    await using server = await ScriptedServer.listen(async (connection, index) => {
      if (index > 0) return stepByStep(connection);
      await greetSecurely(connection);
      await flight(connection, replacing(whole, verb, reply));
      await connection.ended;
    });
    const options = eager(known);
    const client = await FtpsClient.connect(optionsFor(server, options));
    expect(await client.size('/a')).toBe(5);
    expect(options.traits).toMatchObject({ loginInOneFlight: false, bearsFlights: true });
    client.destroy();
  });

  const points = whole.map(([command], told) => [command.replace(/ .*/, ''), told] as const);
  const lost = points.flatMap(([verb, told]) =>
    losses.map(([how, lose]) => [verb, how, told, lose] as const),
  );
  it.each(lost)(
    'begins anew, step by step, where the server is lost at %s: %s',
    async (_, __, told, lose) => {
      await using server = await ScriptedServer.listen(async (connection, index) => {
        if (index > 0) return stepByStep(connection);
        await greetSecurely(connection);
        await flight(connection, whole, told);
        lose(connection);
      });
      const options = eager(known);
      const client = await FtpsClient.connect(optionsFor(server, options));
      expect(await client.size('/a')).toBe(5);
      expect(server.connections[1]?.heard.slice(1, -1)).toEqual(patient);
      expect(options.traits).toMatchObject({ loginInOneFlight: false, bearsFlights: true });
      client.destroy();
    },
  );

  it.each(points)('is over where %s gets 421, and is not tried again', async (_, told) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await flight(connection, whole, told);
      connection.say('421 going down');
      await connection.ended;
    });
    const options = eager(known);
    const error = await failureOf(FtpsClient.connect(optionsFor(server, options)));
    expect(error).toMatchObject({ reply: { code: 421 } });
    expect(server.connections).toHaveLength(1);
    expect(options.traits).toMatchObject(known);
  });

  it('begins anew where the server falls silent, by the limit of a reply', async () => {
    const clock = new WatchedClock();
    await using server = await ScriptedServer.listen(async (connection, index) => {
      if (index > 0) return stepByStep(connection);
      await greetSecurely(connection);
      await flight(connection, whole, 3);
      await connection.ended;
    });
    const options = eager(known);
    const log = new KeptLog();
    const connecting = FtpsClient.connect(optionsFor(server, { ...options, clock, log }));
    await log.wrote('< 501');
    await clock.running('reply');
    clock.advance(limits.reply);
    const client = await connecting;
    expect(await client.size('/a')).toBe(5);
    client.destroy();
  });

  it.each(['USER', 'OPTS', 'PROT', 'TYPE', 'FEAT'])(
    'C-53: begins anew where the reply to FEAT comes in the place of that to %s',
    async (verb) => {
      const [, ...features] = ['FEAT', '211-Features', ' MLST type*;', '211 End'];
      const shifted =
        verb === 'FEAT' ? replacing(whole, 'FEAT', '200 ok') : replacing(whole, verb, ...features);
      await using server = await ScriptedServer.listen(async (connection, index) => {
        if (index > 0) return stepByStep(connection);
        await greetSecurely(connection);
        await flight(connection, shifted);
        await connection.ended;
      });
      const options = eager(known);
      const client = await FtpsClient.connect(optionsFor(server, options));
      expect(await client.size('/a')).toBe(5);
      expect(options.traits.loginInOneFlight).toBe(false);
      client.destroy();
    },
  );
});
