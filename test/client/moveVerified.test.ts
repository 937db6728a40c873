import { describe, expect, it } from 'vitest';
import type { UploadedFile } from '../../src/client/moveVerified.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import { failureOf, optionsFor, welcome } from './dialogue.ts';
import { flight, losses } from './flights.ts';
import { type SessionOptions, sessionWith } from './session.ts';

const withMlst = { features: ['MLST type*;size*;modify*;'] };
const without: SessionOptions = { features: ['SIZE', 'MDTM'] };
const fits = ({ facts }: UploadedFile): boolean => facts?.size === 5;

const described = (name: string, size: number): [string, ...string[]] => [
  `MLST ${name}`,
  '250-facts',
  ` type=file;size=${size};modify=20260115090000; ${name}`,
  '250 end',
];

/** A session whose server goes on as scripted, to its end. */
async function lost(script: (connection: ScriptedConnection) => Promise<void>) {
  const server = await ScriptedServer.listen(async (connection) => {
    await welcome(connection, withMlst.features);
    await script(connection);
  });
  const client = await FtpsClient.connect(optionsFor(server));
  return {
    client,
    server,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('an uploaded file that gets its name', () => {
  it('is asked for, given its mode and named for renaming in one flight, renamed and described in another', async () => {
    await using at = await sessionWith(async (connection) => {
      await flight(connection, [
        ['SITE CHMOD 640 /t', '200 done'],
        described('/t', 5),
        ['RNFR /t', '350 to'],
      ]);
      await flight(connection, [['RNTO /a', '250 done'], described('/a', 5)]);
    }, withMlst);
    const outcome = await at.client.moveVerified('/t', '/a', { verify: fits, mode: 0o640 });
    expect(outcome).toMatchObject({
      kind: 'moved',
      uploaded: { facts: { name: 't', size: 5 }, modeIsSet: true },
      target: { name: 'a', type: 'file', size: 5, modifiedAt: Date.UTC(2026, 0, 15, 9) },
    });
  });

  it('is asked for by SIZE and MDTM where there is no MLST', async () => {
    await using at = await sessionWith(async (connection) => {
      await flight(connection, [
        ['SIZE /t', '213 5'],
        ['MDTM /t', '213 20260115090000'],
        ['RNFR /t', '350 to'],
      ]);
      await flight(connection, [
        ['RNTO /a', '250 done'],
        ['SIZE /a', '213 5'],
        ['MDTM /a', '550 no'],
      ]);
    }, without);
    const outcome = await at.client.moveVerified('/t', '/a', { verify: fits });
    expect(outcome).toMatchObject({ kind: 'moved', target: { name: 'a', size: 5 } });
    expect(outcome.uploaded).toEqual({
      facts: {
        name: 't',
        type: 'file',
        size: 5,
        modifiedAt: Date.UTC(2026, 0, 15, 9),
        modifiedPrecision: 'second',
      },
      hash: undefined,
      modeIsSet: undefined,
    });
  });

  it('is asked for by STAT in the same flight, where the caller wants to know its owner', async () => {
    await using at = await sessionWith(async (connection) => {
      await flight(connection, [
        described('/t', 5),
        ['STAT /t', '213-status', '-rw-r--r-- 1 anna users 5 Jan 15 09:00 t', '213 end'],
        ['RNFR /t', '350 to'],
      ]);
      await flight(connection, [['RNTO /a', '250 done'], described('/a', 5)]);
    }, withMlst);
    const verify = ({ status }: UploadedFile): boolean => status?.entry?.owner === 'anna';
    expect(await at.client.moveVerified('/t', '/a', { verify, status: true })).toMatchObject({
      kind: 'moved',
      uploaded: { status: { isUnderstood: true } },
    });
  });

  it('is not renamed where the server leaves at STAT', async () => {
    await using at = await lost(async (connection) => {
      await connection.answer(...described('/t', 5));
      await connection.answer('STAT /t', '421 bye');
      await connection.answer('RNFR /t', '350 to');
    });
    const moving = at.client.moveVerified('/t', '/a', { verify: fits, status: true });
    expect(await failureOf(moving)).toMatchObject({ kind: 'closed' });
    expect(at.server.heard).not.toContain('RNTO /a');
  });

  it('is asked for its hash in the same flight, and RNFR stays the last of it', async () => {
    const digest = 'a'.repeat(64);
    await using at = await sessionWith(
      async (connection) => {
        await flight(connection, [
          ['SIZE /t', '213 5'],
          ['MDTM /t', '500 what'],
          ['OPTS HASH SHA-256', '200 SHA-256'],
          ['HASH /t', `213 SHA-256 0-4 ${digest} /t`],
          ['RNFR /t', '350 to'],
        ]);
        await flight(connection, [
          ['RNTO /a', '250 done'],
          ['SIZE /a', '213 5'],
          ['MDTM /a', '500 what'],
        ]);
      },
      { features: ['HASH SHA-1*;SHA-256'] },
    );
    const verify = ({ hash }: UploadedFile): boolean => hash?.digest === digest;
    expect(await at.client.moveVerified('/t', '/a', { verify, hash: true })).toMatchObject({ kind: 'moved' });
  });

  it('is asked for its size where MLST does not tell it, and where what MLST tells makes no sense', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await flight(connection, [
          ['MLST /t', '250-facts', 'nothing', '250 end'],
          ['SIZE /t', '213 5'],
          ['RNFR /t', '350 to'],
        ]);
        await flight(connection, [
          ['RNTO /a', '250 done'],
          ['MLST /a', '250-facts', ' type=file;modify=20260115090000; /a', '250 end'],
          ['SIZE /a', '213 5'],
        ]);
      },
      { features: ['MLST type*;modify*;'] },
    );
    expect(await at.client.moveVerified('/t', '/a', { verify: fits })).toMatchObject({
      kind: 'moved',
      uploaded: { facts: { size: 5, type: 'file' } },
      target: { size: 5, modifiedAt: Date.UTC(2026, 0, 15, 9) },
    });
  });

  it.each(['250 done', '553 exists', '503 what'])(
    'keeps its name where it is not right, by an RNTO to that name, so that the server waits for none (%s)',
    async (reply) => {
      await using at = await sessionWith(async (connection) => {
        await flight(connection, [described('/t', 4), ['RNFR /t', '350 to']]);
        await connection.answer('RNTO /t', reply);
        await connection.answer('DELE /t', '250 gone');
      }, withMlst);
      const outcome = await at.client.moveVerified('/t', '/a', { verify: fits });
      expect(outcome).toMatchObject({ kind: 'unverified', uploaded: { facts: { size: 4 } } });
      await at.client.deleteFile('/t');
      expect(at.server.heard).not.toContain('RNTO /a');
    },
  );

  it('is not renamed where the caller cannot tell', async () => {
    await using at = await sessionWith(async (connection) => {
      await flight(connection, [described('/t', 4), ['RNFR /t', '350 to']]);
      await connection.answer('RNTO /t', '250 done');
    }, withMlst);
    const verify = (): boolean => {
      throw new RangeError('what now');
    };
    await expect(at.client.moveVerified('/t', '/a', { verify })).rejects.toThrow(RangeError);
  });

  it('is left as it is where RNFR is refused, whatever becomes of the other questions', async () => {
    await using at = await sessionWith(async (connection) => {
      await flight(connection, [
        ['SITE CHMOD 600 /t', '550 no'],
        ['MLST /t', '550 no'],
        ['RNFR /t', '550 never'],
      ]);
    }, withMlst);
    const outcome = await at.client.moveVerified('/t', '/a', { verify: () => true, mode: 0o600 });
    expect(outcome).toMatchObject({
      kind: 'refused',
      uploaded: { facts: undefined, modeIsSet: false },
      error: { kind: 'refused', reply: { code: 550, lines: ['never'] } },
    });
  });

  it('is told to be refused where RNTO is, and what is there now means nothing', async () => {
    await using at = await sessionWith(async (connection) => {
      await flight(connection, [described('/t', 5), ['RNFR /t', '350 to']]);
      await flight(connection, [['RNTO /a', '553 exists'], described('/a', 9)]);
    }, withMlst);
    const outcome = await at.client.moveVerified('/t', '/a', { verify: fits });
    expect(outcome).toMatchObject({ kind: 'refused', error: { reply: { code: 553 } } });
    expect(outcome).not.toHaveProperty('target');
  });

  it.each(losses)('may or may not have it where the session is lost behind RNTO: %s', async (_, lose) => {
    await using at = await lost(async (connection) => {
      await flight(connection, [described('/t', 5), ['RNFR /t', '350 to']]);
      await connection.answer('RNTO /a');
      lose(connection);
    });
    const outcome = await at.client.moveVerified('/t', '/a', { verify: fits });
    expect(outcome).toMatchObject({ kind: 'unknown', error: { kind: 'closed' } });
  });

  it.each(losses)('has it where the session is lost behind the answer to RNTO: %s', async (_, lose) => {
    await using at = await lost(async (connection) => {
      await flight(connection, [described('/t', 5), ['RNFR /t', '350 to']]);
      await connection.answer('RNTO /a', '250 done');
      await connection.answer('MLST /a');
      lose(connection);
    });
    const outcome = await at.client.moveVerified('/t', '/a', { verify: fits });
    expect(outcome).toEqual({ kind: 'moved', uploaded: outcome.uploaded, target: undefined });
  });

  it.each(losses)('is not renamed where the session is lost before: %s', async (_, lose) => {
    for (const heard of [1, 2]) {
      await using at = await lost(async (connection) => {
        await connection.answer('MLST /t');
        if (heard === 2) connection.say('250-facts', ' size=5; /t', '250 end');
        await connection.answer('RNFR /t');
        lose(connection);
      });
      const verify = (): boolean => {
        throw new Error('nobody asks');
      };
      const error = await failureOf(at.client.moveVerified('/t', '/a', { verify }));
      expect(error).toMatchObject({ kind: 'closed' });
      expect(at.server.heard.at(-1)).toBe('RNFR /t');
    }
  });

  it('is not renamed after an abort, and the session stays in order', async () => {
    const abort = new AbortController();
    await using at = await sessionWith(async (connection) => {
      await connection.answer(...described('/t', 5));
      await connection.answer('RNFR /t');
      abort.abort();
      connection.say('350 to');
      await connection.answer('RNTO /t', '250 done');
      await connection.answer('SIZE /t', '213 5');
    }, withMlst);
    const moving = at.client.moveVerified('/t', '/a', { verify: fits }, abort.signal);
    expect(await failureOf(moving)).toMatchObject({ kind: 'aborted' });
    expect(await at.client.size('/t')).toBe(5);
  });

  it('is renamed in spite of an abort that comes behind RNTO', async () => {
    const abort = new AbortController();
    await using at = await sessionWith(async (connection) => {
      await flight(connection, [described('/t', 5), ['RNFR /t', '350 to']]);
      await connection.answer('RNTO /a');
      abort.abort();
      connection.say('250 done');
      await connection.answer(...described('/a', 5));
    }, withMlst);
    const outcome = await at.client.moveVerified('/t', '/a', { verify: fits }, abort.signal);
    expect(outcome).toMatchObject({ kind: 'moved', target: { size: 5 } });
  });

  it('lets nothing of others come between RNFR and RNTO', async () => {
    await using at = await sessionWith(async (connection) => {
      await flight(connection, [described('/t', 5), ['RNFR /t', '350 to']]);
      await flight(connection, [['RNTO /a', '250 done'], described('/a', 5)]);
      await connection.answer('SIZE /b', '213 7');
    }, withMlst);
    const moving = at.client.moveVerified('/t', '/a', { verify: fits });
    const [outcome, size] = await Promise.all([moving, at.client.size('/b')]);
    expect(outcome.kind).toBe('moved');
    expect(size).toBe(7);
  });

  it.each([
    ['/t', '/a\r\nDELE /b'],
    ['/t\n', '/a'],
  ])('C-47: has no line break in its names: %j, %j', async (from, to) => {
    await using at = await sessionWith(async () => {}, withMlst);
    const error = await failureOf(at.client.moveVerified(from, to, { verify: fits, mode: 0o644 }));
    expect(error).toMatchObject({ kind: 'invalidArgument' });
    expect(at.server.heard.at(-1)).toBe('TYPE I');
  });
});
