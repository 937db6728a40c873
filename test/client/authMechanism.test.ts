import { describe, expect, it } from 'vitest';
import type { LoginOptions } from '../../src/client/connectOptions.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import {
  admit,
  failureOf,
  farewell,
  fetchText,
  optionsFor,
  setUp,
  showClear,
  tellFeatures,
} from './dialogue.ts';
import { identity } from './identity.ts';

/** What AUTH was said with, on a server that answers the words like this. */
async function wordsFor(
  answers: readonly (readonly [word: string, reply: string])[],
  login: LoginOptions = {},
  features?: readonly string[],
): Promise<string[]> {
  await using server = await ScriptedServer.listen(async (connection) => {
    connection.say('220 ready');
    if (features) await tellFeatures(connection, features);
    for (const [word, reply] of answers) await connection.answer(`AUTH ${word}`, reply);
    if (answers.at(-1)?.[1].startsWith('234')) await goOn(connection);
    else await farewell(connection);
  });
  const beforeAuth = features ? ['FEAT'] : [];
  const connecting = FtpsClient.connect(optionsFor(server, { login: { beforeAuth, ...login } }));
  if (answers.at(-1)?.[1].startsWith('234')) (await connecting).destroy();
  else expect(await failureOf(connecting)).toMatchObject({ kind: 'securityRefused' });
  await server.done();
  return server.heard.filter((line) => line.startsWith('AUTH'));
}

async function goOn(connection: ScriptedConnection): Promise<void> {
  await connection.startTls(identity);
  await admit(connection);
  await setUp(connection);
}

describe('the word behind AUTH', () => {
  it('C-8: is SSL where FEAT lists only that', async () => {
    const listed = ['AUTH SSL;TLS-P;', 'PBSZ', 'PROT'];
    expect(await wordsFor([['SSL', '234 go']], {}, listed)).toEqual(['AUTH SSL']);
  });

  it.each(['AUTH TLS;SSL;', 'AUTH TLS;TLS-C;SSL;TLS-P;', 'AUTH TLS.', 'AUTH SSL;TLS-C', 'SIZE'])(
    'C-8: is TLS where FEAT lists %s',
    async (listed) => {
      expect(await wordsFor([['TLS', '234 go']], {}, [listed])).toEqual(['AUTH TLS']);
    },
  );

  it('C-8: is the other one after a 504, both ways', async () => {
    expect(
      await wordsFor([
        ['TLS', '504 no'],
        ['SSL', '234 go'],
      ]),
    ).toHaveLength(2);
    const fromSsl = [
      ['SSL', '504 no'],
      ['TLS', '234 go'],
    ] as const;
    expect(await wordsFor(fromSsl, {}, ['AUTH SSL'])).toHaveLength(2);
  });

  it.each(['TLS', 'SSL'] as const)('C-8: is %s alone where the user says so', async (authMechanism) => {
    expect(await wordsFor([[authMechanism, '504 no']], { authMechanism })).toHaveLength(1);
    expect(await wordsFor([[authMechanism, '234 go']], { authMechanism })).toHaveLength(1);
  });

  it('C-9: SSL means what TLS means: level C until PROT, and PROT C is said where the user wants it', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH SSL', '234 go');
      await goOn(connection);
      // A server for which SSL means P has to be told.
      await connection.answer('PROT C', '200 clear');
      await showClear(connection, 'RETR /a', 'here');
    });
    const login = { authMechanism: 'SSL' } as const;
    const client = await FtpsClient.connect(optionsFor(server, { login, requireProtectedData: false }));
    await client.setProtection('C');
    expect(await fetchText(client)).toBe('here');
    await server.done();
    client.destroy();
  });

  it.each([
    [504, '"authMechanism": "SSL"'],
    [503, '"beforeAuth"'],
    [530, '"beforeAuth"'],
    [550, '"beforeAuth"'],
    [533, 'policy'],
    [534, 'policy'],
    [535, 'policy'],
    [431, 'temporary'],
    [500, '"none"'],
    [502, '"none"'],
  ])('C-11: whatever it is, its refusal by %i is told with the way out: %s', async (code, way) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', `${code} no`);
      await farewell(connection);
    });
    const login = { authMechanism: 'TLS' } as const;
    const error = await failureOf(FtpsClient.connect(optionsFor(server, { login })));
    expect(error.message).toContain(way);
    expect(server.heard).toEqual(['AUTH TLS', 'QUIT']);
  });
});

describe('a negotiation that fails', () => {
  it('C-21: before TLS begins ends with QUIT in clear', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '534 no');
      await farewell(connection);
    });
    await failureOf(FtpsClient.connect(optionsFor(server)));
    await server.done();
    expect(server.heard).toEqual(['AUTH TLS', 'QUIT']);
  });

  it('C-21: with TLS up and a certificate that will not do ends with QUIT in TLS', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(identity);
      await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, { tls: {} })));
    expect(error.kind).toBe('certificate');
    await server.done();
    expect(server.heard).toEqual(['AUTH TLS', 'QUIT']);
  });

  it('C-21: in the midst of the handshake ends without a word, as nobody knows what state it is in', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      await connection.hearAnything();
      // A handshake failure, as an alert.
      connection.sayRaw(Uint8Array.of(21, 3, 3, 0, 2, 2, 40));
      await connection.ended;
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server)));
    expect(error).toMatchObject({ kind: 'tls', step: 'tls' });
    await server.done();
    expect(server.heard).toEqual(['AUTH TLS']);
  });
});
