import { PassThrough } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { ClientCertificate } from '../../src/client/connectOptions.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { createLeaf } from '../../src/server/certificate.ts';
import { ScriptedServer } from '../support/scriptedServer.ts';
import { admit, failureOf, farewell, fetchText, offerPort, optionsFor, setUp } from './dialogue.ts';
import { encryptedKey, pkcs12 } from './clientKeys.ts';
import { authority, fingerprintOf, identity } from './identity.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;
const ca = [authority.cert];
const ada = await createLeaf(authority, { names: ['ada'], purpose: 'client' });
const verifying = { ...identity, ca: [authority.cert, pkcs12.cert] };
const demand = { requestCert: true, rejectUnauthorized: true };

/** What the server sees of the client on control and data connection. */
async function shown(
  clientCertificate: ClientCertificate,
  maxVersion: (typeof versions)[number],
): Promise<string[]> {
  const seen: string[] = [];
  const look = (tls: TLSSocket): void => void seen.push(tls.getPeerCertificate().fingerprint256);
  await using server = await ScriptedServer.listen(async (connection) => {
    connection.say('220 ready');
    await connection.answer('AUTH TLS', '234 go');
    look(await connection.startTls(verifying, demand));
    await admit(connection);
    await setUp(connection);
    const listener = await offerPort(connection);
    const data = await listener.connection;
    await connection.answer('RETR /a', '150 opening');
    look(await data.startTls(verifying, demand));
    data.sayRaw('here');
    data.end();
    connection.say('226 done');
    await farewell(connection);
  });
  const tls = { ca, maxVersion, clientCertificate };
  const client = await FtpsClient.connect(optionsFor(server, { tls }));
  expect(await fetchText(client)).toBe('here');
  await client.quit();
  await server.done();
  return seen;
}

describe('a client certificate', () => {
  it.each(versions)(
    'C-24: is shown on the control connection and on data connections (%s)',
    async (version) => {
      const mine = fingerprintOf(ada);
      expect(await shown({ cert: ada.cert, key: ada.key }, version)).toEqual([mine, mine]);
    },
  );

  it('C-24: may have its key encrypted, or come as one PKCS #12 bundle', async () => {
    const mine = fingerprintOf(ada);
    const key = encryptedKey(ada.key, 'open sesame');
    expect(await shown({ cert: ada.cert, key, passphrase: 'open sesame' }, 'TLSv1.3')).toEqual([mine, mine]);
    const bundled = fingerprintOf(pkcs12);
    expect(await shown({ pfx: pkcs12.pfx, passphrase: 'open sesame' }, 'TLSv1.3')).toEqual([
      bundled,
      bundled,
    ]);
  });

  it.each([
    ['the passphrase is wrong', { ...ada, key: encryptedKey(ada.key, 'open sesame'), passphrase: 'no' }],
    ['there is no passphrase', { ...ada, key: encryptedKey(ada.key, 'open sesame') }],
    ['the key is another one', { cert: ada.cert, key: identity.key }],
    ['it is no certificate', { cert: 'nonsense', key: ada.key }],
    ['the bundle is none', { pfx: Buffer.from('nonsense') }],
  ])('C-24: is refused before the server is dialled when %s', async (_, clientCertificate) => {
    await using server = await ScriptedServer.listen(() => {});
    const options = optionsFor(server, { tls: { ca, clientCertificate } });
    const error = await failureOf(FtpsClient.connect(options));
    expect(error).toMatchObject({ kind: 'invalidArgument' });
    expect(error.message).toContain('"clientCertificate"');
    expect(error.message).not.toContain('open sesame');
    expect(server.connections).toEqual([]);
  });

  it.each(versions)(
    'C-24: that is demanded and missing is what the error is about (%s)',
    async (maxVersion) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        connection.say('220 ready');
        await connection.answer('AUTH TLS', '234 go');
        await connection.startTls(verifying, demand).catch(() => {});
        await connection.ended;
      });
      const error = await failureOf(FtpsClient.connect(optionsFor(server, { tls: { ca, maxVersion } })));
      expect(error).toMatchObject({ kind: 'tls', step: 'tls' });
      // Under TLS 1.3 the handshake was over for the client when the server said no.
      if (maxVersion === 'TLSv1.3') expect(error.message).toContain('"clientCertificate"');
    },
  );

  it('C-24: is thought of where the server closes the connection right after the handshake', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(identity);
      await connection.hear();
      connection.end();
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server)));
    expect(error).toMatchObject({ kind: 'closed', step: 'tls' });
    expect(error.message).toContain('"clientCertificate"');
  });

  it('C-24: is not thought of where the connection is lost later', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(identity);
      await connection.answer('USER ada', '331 password');
      await connection.hear();
      connection.end();
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server)));
    expect(error).toMatchObject({ kind: 'closed', step: 'login' });
    expect(error.message).not.toContain('"clientCertificate"');
  });
});

describe('a control connection that falls out of TLS', () => {
  it('C-55: tells what the server said in clear, and that it may be tried again', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(identity);
      await admit(connection);
      await setUp(connection);
      await connection.hear();
      connection.socket.write('500 OOPS: priv_sock_get_cmd\r\n');
      await connection.ended;
    });
    const client = await FtpsClient.connect(optionsFor(server));
    const error = await failureOf(client.retrieve('/a', new PassThrough()));
    expect(error.kind).toBe('closed');
    expect(error.message).toContain('500 OOPS: priv_sock_get_cmd');
    expect(error.message).toContain('Try again');
    expect(await client.closed).toBe(error);
  });

  it('C-55: that is killed without 421 is lost, and no more', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
      await connection.startTls(identity);
      await admit(connection);
      await setUp(connection);
      connection.end();
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect(await client.closed).toMatchObject({ kind: 'closed' });
  });
});
