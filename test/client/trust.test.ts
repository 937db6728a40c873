import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type { SecureContextOptions } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { ConnectOptions, Security } from '../../src/client/connectOptions.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { createLeaf, type KeyAndCertificate } from '../../src/server/certificate.ts';
import { ScriptedServer } from '../support/scriptedServer.ts';
import { admit, failureOf, farewell, fetchText, offerPort, optionsFor, setUp, welcome } from './dialogue.ts';
import { authority, fingerprintOf, identity, selfSigned } from './identity.ts';

const day = 24 * 60 * 60 * 1000;
const [longAgo, yesterday, tomorrow, later] = [-30, -1, 1, 30].map(
  (days) => new Date(Date.now() + days * day),
);
if (!longAgo || !yesterday || !tomorrow || !later) throw new Error('four days');

const expired = await createLeaf(authority, {
  names: ['127.0.0.1'],
  notBefore: longAgo,
  notAfter: yesterday,
});
const notYetValid = await createLeaf(authority, {
  names: ['127.0.0.1'],
  notBefore: tomorrow,
  notAfter: later,
});
const forAnotherHost = await createLeaf(authority, { names: ['ftp.example.org'] });
const forAnotherAddress = await createLeaf(authority, { names: ['127.0.0.2'] });
/** Its common name is `localhost`, and it has no alternative names. */
const byCommonName = await createLeaf(authority, { names: [] });
const another = await createLeaf(authority, { names: ['127.0.0.1'] });

/** A server that shows this certificate and hears whatever the client says then, until it hangs up. */
function serverShowing(certificate: KeyAndCertificate, security: Security): Promise<ScriptedServer> {
  return ScriptedServer.listen(async (connection) => {
    if (security === 'explicit') {
      connection.say('220 ready');
      await connection.answer('AUTH TLS', '234 go');
    }
    await connection.startTls(certificate);
    if (security === 'implicit') connection.say('220 ready');
    await farewell(connection);
  });
}

async function refusalOf(
  certificate: KeyAndCertificate,
  security: Security,
  more: Partial<ConnectOptions> = {},
) {
  await using server = await serverShowing(certificate, security);
  const error = await failureOf(FtpsClient.connect(optionsFor(server, { security, ...more })));
  await server.done();
  return { error, heard: server.heard };
}

async function accepts(certificate: KeyAndCertificate, more: Partial<ConnectOptions>): Promise<boolean> {
  await using server = await ScriptedServer.listen(async (connection) => {
    connection.say('220 ready');
    await connection.answer('AUTH TLS', '234 go');
    await connection.startTls(certificate);
    await admit(connection);
    await setUp(connection);
    await farewell(connection);
  });
  const client = await FtpsClient.connect(optionsFor(server, more));
  const accepted = client.report().fingerprint === fingerprintOf(certificate);
  await client.quit();
  await server.done();
  return accepted;
}

describe.each<Security>(['explicit', 'implicit'])(
  'a certificate that does not verify, in %s mode',
  (security) => {
    const expectedLines = security === 'explicit' ? ['AUTH TLS', 'QUIT'] : ['QUIT'];

    it.each<[string, string, KeyAndCertificate, Partial<ConnectOptions>]>([
      ['is signed by itself', 'selfSigned', selfSigned, {}],
      ['has expired', 'expired', expired, {}],
      ['is not valid yet', 'notYetValid', notYetValid, {}],
      ['is for another host', 'wrongName', forAnotherHost, {}],
      ['is for another address', 'wrongName', forAnotherAddress, {}],
      ['comes from an unknown authority', 'untrustedIssuer', identity, { tls: {} }],
      [
        'is another one than was trusted',
        'pinMismatch',
        selfSigned,
        { tls: { pinnedFingerprint: fingerprintOf(expired) } },
      ],
    ])(
      'C-21, C-22: stops the client before user and password when it %s',
      async (_, problem, certificate, more) => {
        const { error, heard } = await refusalOf(certificate, security, more);
        expect(error).toMatchObject({ kind: 'certificate', step: 'certificate', certificate: { problem } });
        expect(heard).toEqual(expectedLines);
        expect(error.message).toContain(fingerprintOf(certificate));
      },
    );

    it('C-22: comes with what a person decides on', async () => {
      const { error } = await refusalOf(forAnotherHost, security);
      expect(error.certificate).toMatchObject({
        subject: 'CN=ftp.example.org',
        issuer: 'CN=FTPS Explorer throw-away CA',
        names: ['ftp.example.org'],
        fingerprint: fingerprintOf(forAnotherHost),
      });
      expect(error.message).toContain('it is for ftp.example.org, not for 127.0.0.1');
    });
  },
);

describe('the trust in a certificate', () => {
  it('C-22: never rests on the common name', async () => {
    const { error } = await refusalOf(byCommonName, 'explicit', {
      tls: { ca: [authority.cert], servername: 'localhost' },
    });
    expect(error.certificate).toMatchObject({ problem: 'wrongName', subject: 'CN=localhost' });
  });

  it('C-22: rests on the address among its names, or on the name that the profile gives', async () => {
    const ca = [authority.cert];
    expect(await accepts(another, { tls: { ca } })).toBe(true);
    expect(await accepts(forAnotherHost, { tls: { ca, servername: 'ftp.example.org' } })).toBe(true);
  });

  it('rests on the pinned fingerprint, however it is written', async () => {
    const pin = fingerprintOf(selfSigned);
    expect(await accepts(selfSigned, { tls: { pinnedFingerprint: pin } })).toBe(true);
    expect(
      await accepts(selfSigned, { tls: { pinnedFingerprint: pin.replaceAll(':', '').toLowerCase() } }),
    ).toBe(true);
    expect(await accepts(expired, { tls: { pinnedFingerprint: fingerprintOf(expired) } })).toBe(true);
  });

  it('is told louder when it was another certificate that was trusted', async () => {
    const tls = { pinnedFingerprint: fingerprintOf(another) };
    const { error } = await refusalOf(selfSigned, 'explicit', { tls });
    expect(error.message).toContain('not the certificate that was trusted for this server before');
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'C-23: does not extend to another certificate on the data connection, though it verifies (%s)',
    async (version) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await welcome(connection);
        const listener = await offerPort(connection);
        const data = await listener.connection;
        await connection.answer('RETR /a', '150 opening');
        await data.startTls(another).then(
          () => data.sayRaw('stolen'),
          () => {},
        );
        await data.ended;
        connection.say('426 broken');
        await farewell(connection);
      });
      const tls = { ca: [authority.cert], maxVersion: version };
      const client = await FtpsClient.connect(optionsFor(server, { tls }));
      const sink = new PassThrough();
      const error = await failureOf(client.retrieve('/a', sink));
      expect(error).toMatchObject({ kind: 'securityRefused', step: 'dataTls' });
      expect(error.message).toContain('another certificate');
      expect(sink.destroyed).toBe(true);
      expect(sink.readableLength).toBe(0);
      await client.quit();
      await server.done();
    },
  );

  it.each<[string, ConnectOptions['tls'], SecureContextOptions]>([
    ['TLS 1.2', { maxVersion: 'TLSv1.2' }, {}],
    ['TLS 1.2 behind a control connection of TLS 1.3', {}, { maxVersion: 'TLSv1.2' }],
    ['TLS 1.3', {}, {}],
  ])('C-23, C-25: never resumes a session of the other certificate (%s)', async (_, tls, bounds) => {
    const intruder = { ...another, ...bounds, ticketKeys: randomBytes(48), sessionIdContext: 'intruder' };
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      for (let times = 0; times < 4; times += 1) {
        const data = await (await offerPort(connection)).connection;
        await connection.answer('RETR /a', '150 opening');
        await data.startTls(intruder).then(
          () => data.sayRaw('stolen'),
          () => {},
        );
        data.end();
        await data.ended;
        connection.say('226 done');
      }
      await farewell(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, { tls: { ca: [authority.cert], ...tls } }));
    for (let times = 0; times < 4; times += 1) {
      expect(await failureOf(fetchText(client))).toMatchObject({ kind: 'securityRefused' });
    }
    expect(client.report()).toMatchObject({ resumed: 0 });
    await client.quit();
    await server.done();
  });
});
