import { readdirSync, readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { importsOf } from '../support/importsOf.ts';
import { ScriptedServer } from '../support/scriptedServer.ts';
import { openData, optionsFor, welcome } from './dialogue.ts';
import { authority } from './identity.ts';

const client = fileURLToPath(new URL('../../src/client/', import.meta.url));
const files = readdirSync(client).map((name) => ({ name, text: readFileSync(client + name, 'utf8') }));

afterEach(() => {
  vi.restoreAllMocks();
});

/** How often each was called by the client itself, not by Node, in the course of one download. */
async function asked(maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<Record<string, number>> {
  const calls = { getSession: 0, getEphemeralKeyInfo: 0 };
  const { prototype } = TLSSocket;
  const session = Reflect.get(prototype, 'getSession');
  const group = Reflect.get(prototype, 'getEphemeralKeyInfo');
  const count = (method: keyof typeof calls): void => {
    if (new Error(method).stack?.includes('/src/client/')) calls[method] += 1;
  };
  vi.spyOn(prototype, 'getSession').mockImplementation(function spy(this: TLSSocket) {
    count('getSession');
    return Reflect.apply(session, this, []);
  });
  vi.spyOn(prototype, 'getEphemeralKeyInfo').mockImplementation(function spy(this: TLSSocket) {
    count('getEphemeralKeyInfo');
    return Reflect.apply(group, this, []);
  });
  await using server = await ScriptedServer.listen(async (connection) => {
    await welcome(connection);
    const data = await openData(connection, 'RETR /a');
    data.end();
    connection.say('226 done');
  });
  const tls = { ca: [authority.cert], maxVersion };
  const at = await FtpsClient.connect(optionsFor(server, { tls }));
  await at.retrieve('/a', new PassThrough().resume());
  at.destroy();
  return calls;
}

describe('the TLS of the platform', () => {
  it('is used through one module', () => {
    const users = files.filter(({ name, text }) =>
      importsOf(name, text).some(({ from }) => from === 'node:tls'),
    );
    expect(users.map(({ name }) => name)).toEqual(['tlsPlatform.ts']);
  });

  it('is nothing that one library alone has', () => {
    const { text } = files.find(({ name }) => name === 'tlsPlatform.ts') ?? { text: '' };
    const code = text.replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
    expect(code).not.toMatch(/secureOptions|SSL_OP_|ciphers|SECLEVEL|sigalgs/);
    expect(code.match(/ecdhCurve.*/g)).toEqual([
      'ecdhCurve: bothGroups(firstGroup) })',
      // May be refused: what the library offers by itself is offered then.
      'ecdhCurve: manyShares });',
    ]);
    expect(code).toContain("type KeyExchangeGroup = 'P-256' | 'X25519';");
    for (const { name, text } of files) {
      expect([name, /ERR_SSL|ERR_OSSL|wrong version number'|SSLV3/.test(text)]).toEqual([name, false]);
    }
  });

  it('is asked for its group once, and under TLS 1.3 not for its session', async () => {
    expect(await asked('TLSv1.3')).toEqual({ getSession: 0, getEphemeralKeyInfo: 1 });
  });

  it('C-25: is asked for its session under TLS 1.2, which is complete with the handshake', async () => {
    expect(await asked('TLSv1.2')).toEqual({ getSession: 1, getEphemeralKeyInfo: 0 });
  });
});
