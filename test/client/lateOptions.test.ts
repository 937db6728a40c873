import { describe, expect, it } from 'vitest';
import { dataListener, type ScriptedConnection } from '../support/scriptedServer.ts';
import { ahead, named } from './ahead.ts';
import { admit, failureOf, fetchText, greetSecurely } from './dialogue.ts';
import { identity } from './identity.ts';

const steps = ['OPTS UTF8 ON', 'PBSZ 0', 'PROT P', 'TYPE I'];

/**
 * Hears the login and names a port; FEAT lists facts that have to be asked for, so that OPTS MLST leaves with the first
 * transfer.
 */
async function welcomeAsking(connection: ScriptedConnection): Promise<ScriptedConnection> {
  const listener = await dataListener();
  await greetSecurely(connection);
  await admit(connection);
  for (const step of steps) await connection.answer(step, '200 ok');
  await connection.answer('EPSV', named(listener));
  await connection.answer('FEAT', '211-Features', ' MLST type*;size*;unix.mode;', '211 End');
  return listener.connection;
}

const asked = 'OPTS MLST type;size;unix.mode;';

/** Says 150 and a part of it, and then why there is no more. */
async function breakOff(
  connection: ScriptedConnection,
  data: ScriptedConnection,
  part: string,
): Promise<void> {
  connection.say('150 opening');
  await data.startTls(identity);
  data.sayRaw(part);
  data.end();
  connection.say('451 read error on the disk', '200 well');
}

/** A client in haste with a server that hears OPTS, these commands and NOOP, and answers OPTS early or late. */
function asking(
  commands: readonly string[],
  when: 'at once' | 'late',
  serve: (connection: ScriptedConnection, data: ScriptedConnection) => Promise<void>,
) {
  return ahead(async (connection) => {
    const data = await welcomeAsking(connection);
    await connection.answer(asked, ...(when === 'at once' ? ['200 as you like'] : []));
    for (const command of commands) await connection.answer(command);
    await connection.answer('NOOP');
    if (when === 'late') connection.say('200 as you like');
    await serve(connection, data);
    await connection.answer('SIZE /a', '213 5');
  });
}

describe.each(['at once', 'late'] as const)('OPTS that is answered %s, beside the first transfer', (when) => {
  it('C-53: leaves a refused download refused', async () => {
    await using at = await asking(['RETR /a'], when, (connection, data) =>
      breakOff(connection, data, 'the first part'),
    );
    expect(await failureOf(fetchText(at.client))).toMatchObject({ reply: { code: 451 } });
    expect(await at.client.size('/a')).toBe(5);
    // A transfer that was refused tells nothing of the order.
    expect(at.traits.sequential).toBeUndefined();
  });

  it('C-53: leaves a refused listing refused', async () => {
    await using at = await asking(['MLSD /a'], when, (connection, data) =>
      breakOff(connection, data, 'type=file;size=3; one.txt\r\n'),
    );
    expect(await failureOf(at.client.list('/a'))).toMatchObject({ reply: { code: 451 } });
    expect(await at.client.size('/a')).toBe(5);
  });

  it('C-53: does not let the listing of one folder pass for that of another, which is refused', async () => {
    await using at = await asking(['CWD /a', 'LIST -a'], when, async (connection, data) => {
      connection.say('550 no such folder', '150 opening');
      await data.startTls(identity);
      data.sayRaw('-rw-r--r--   1 ada  ada   12 Jan 15 12:00 elsewhere\r\n');
      data.end();
      connection.say('226 done', '200 well');
      await connection.answer('EPSV', '425 none left');
    });
    expect(await failureOf(at.client.listLong('/a'))).toMatchObject({ reply: { code: 550 } });
    expect(await at.client.size('/a')).toBe(5);
  });

  it.each([true, false])(
    'C-53: leaves the order of replies to the NOOP behind (%s)',
    async (isSequential) => {
      await using at = await ahead(async (connection) => {
        const data = await welcomeAsking(connection);
        await connection.answer(asked, ...(when === 'at once' ? ['200 as you like'] : []));
        await connection.answer('RETR /a');
        await connection.answer('NOOP');
        if (when === 'late') connection.say('200 as you like');
        connection.say(...(isSequential ? [] : ['200 well']), '150 opening');
        await data.startTls(identity);
        data.sayRaw('here');
        data.end();
        connection.say('226 done', ...(isSequential ? ['200 well'] : []));
      });
      expect(await fetchText(at.client)).toBe('here');
      expect(at.traits.sequential).toBe(isSequential);
    },
  );
});
