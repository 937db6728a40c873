import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ConnectOptions } from '../../src/client/connectOptions.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { FtpsError } from '../../src/client/errors.ts';
import {
  type ForeignServer,
  offers,
  serverNames,
  type ServerSecurity,
  startServer,
} from './servers/foreignServer.ts';

describe.each(serverNames)('%s', (name) => {
  it('refuses a wrong password, and the error says so without repeating it', async () => {
    await using server = await startServer(name, { security: 'explicit' });
    const failure = await failToConnect({ ...login(server, 'explicit'), password: 'wrong' });
    expect(failure).toMatchObject({ kind: 'loginRefused', step: 'login', reply: { code: 530 } });
    expect(failure.message).toContain('530');
    expect(failure.message).not.toContain('wrong');
  });

  it('C-11: gets no password when it has no TLS', async () => {
    await using server = await startServer(name, { security: 'none' });
    const heard: string[] = [];
    const failure = await failToConnect({ ...login(server, 'explicit'), log: record(heard) });
    expect(failure).toMatchObject({ kind: 'securityRefused', step: 'auth' });
    expect(heard.filter((line) => /^> (USER|PASS)/.test(line))).toEqual([]);
    expect(heard.some((line) => line.includes('AUTH'))).toBe(true);
  });

  it('serves without TLS those who ask for none', async () => {
    await using server = await startServer(name, { security: 'none' });
    await using client = await FtpsClient.connect(login(server, 'none'));
    await client.store('/plain.txt', Readable.from([Buffer.from('plain')]));
    expect((await client.list('/')).entries).toMatchObject([{ name: 'plain.txt', size: 5 }]);
    expect(client.report()).toMatchObject({ tlsVersion: undefined, dataConnections: 2, resumed: 0 });
  });

  const modes = (['explicit', 'implicit'] as const).filter((security) => offers(name, security));
  it.each(modes)(
    'C-22: gets no password in %s mode while its certificate is untrusted, until that is pinned',
    async (security) => {
      await using server = await startServer(name, { security });
      const heard: string[] = [];
      const failure = await failToConnect({ ...login(server, security), tls: {}, log: record(heard) });
      expect(failure).toMatchObject({
        kind: 'certificate',
        step: 'certificate',
        certificate: { problem: 'untrustedIssuer', names: expect.arrayContaining(['127.0.0.1']) },
      });
      expect(heard.filter((line) => /^> (USER|PASS)/.test(line))).toEqual([]);
      const pinnedFingerprint = failure.certificate?.fingerprint ?? '';
      await using client = await FtpsClient.connect({
        ...login(server, security),
        tls: { pinnedFingerprint },
      });
      await client.store('/pinned.txt', Readable.from([Buffer.from('pinned')]));
      expect((await client.list('/')).entries).toMatchObject([{ name: 'pinned.txt', size: 6 }]);
      expect(client.report().fingerprint).toBe(pinnedFingerprint);
    },
  );
});

describe('vsftpd in implicit mode', () => {
  it('C-5: does not assume protection, and the error names the option that helps', async () => {
    await using server = await startServer('vsftpd', { security: 'implicit' });
    await using client = await FtpsClient.connect({ ...login(server, 'implicit'), implicitProt: 'assume' });
    const failure = await failureOf(client.list('/'));
    expect(failure).toMatchObject({ kind: 'securityRefused', reply: { code: 522 } });
    expect(failure.message).toContain('implicitProt');
  });
});

function login(server: ForeignServer, security: ServerSecurity): ConnectOptions {
  const { host, port, user, password, ca } = server;
  const tls = { ca: [ca] };
  // C-5: vsftpd does not assume protection in implicit mode.
  return {
    host,
    port,
    security,
    user,
    password,
    tls,
    implicitProt: server.name === 'vsftpd' ? 'send' : 'assume',
  };
}

function failToConnect(options: ConnectOptions): Promise<FtpsError> {
  return failureOf(FtpsClient.connect(options));
}

async function failureOf(attempt: Promise<unknown>): Promise<FtpsError> {
  const error: unknown = await attempt.then(
    () => new Error('It succeeded.'),
    (reason: unknown) => reason,
  );
  if (error instanceof FtpsError) return error;
  throw error;
}

function record(lines: string[]): Required<ConnectOptions>['log'] {
  const note = (line: string): void => {
    lines.push(line);
  };
  return { trace: note, debug: note, warn: note };
}
