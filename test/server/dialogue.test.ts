import { beforeAll, describe, expect, it } from 'vitest';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import { readAll, type WireClient } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

/** Each command with the whole of what comes back up to the end of one reply. */
async function dialogue(client: WireClient, ...commands: string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const command of commands)
    lines.push(`> ${command}`, `< ${(await client.command(command)).trimEnd()}`);
  return lines;
}

/** The bytes that the server sends from now on, cut into TLS records and what is none. */
function recordsFrom(client: WireClient): () => string[] {
  const chunks: Buffer[] = [];
  client.socket.prependListener('data', (chunk: Buffer) => chunks.push(chunk));
  return () => {
    const bytes = Buffer.concat(chunks);
    const parts: string[] = [];
    let at = 0;
    while (bytes.length - at >= 5 && (bytes[at] ?? 0) < 0x20 && bytes[at + 1] === 3) {
      const length = bytes.readUInt16BE(at + 3);
      parts.push(`record ${bytes[at]} of ${length}`);
      at += 5 + length;
    }
    return at < bytes.length ? [...parts, bytes.subarray(at).toString()] : parts;
  };
}

describe('the exact dialogue', () => {
  it('S-1: of implicit FTPS: nothing, TLS, the greeting, and P without PBSZ and PROT', async () => {
    await using server = await TestServer.start(certificates, { security: 'implicit' });
    await using client = await server.connect();
    const wire = recordsFrom(client);
    await client.startTls();
    const greeting = await client.reply();
    // The first byte of all is that of the ServerHello, which answers the ClientHello.
    expect(wire()[0]).toMatch(/^record 22 of /);
    expect(wire().every((part) => part.startsWith('record '))).toBe(true);
    const said = [`< ${greeting.trimEnd()}`, ...(await dialogue(client, 'USER anna', 'PASS secret'))];
    const socket = await client.passive();
    client.send('LIST\r\n');
    said.push('> LIST', `< ${(await client.reply()).trimEnd()}`);
    const data = client.secureData(socket);
    await readAll(data);
    expect(data.encrypted).toBe(true);
    data.end();
    said.push(`< ${(await client.reply()).trimEnd()}`, ...(await dialogue(client, 'QUIT')));
    expect(said).toEqual([
      '< 220 FTPS Explorer server ready.',
      '> USER anna',
      '< 331 The password, please.',
      '> PASS secret',
      '< 230 Logged in.',
      '> LIST',
      '< 150 Sending 0 entries.',
      '< 226 0 entries sent.',
      '> QUIT',
      '< 221 Goodbye.',
    ]);
    expect(await client.rest()).toBe('');
  });

  it('S-4: of REIN: its reply inside TLS, a closing alert, and then clear text on the same connection', async () => {
    await using server = await TestServer.start(certificates, { maxVersion: 'TLSv1.2' });
    await using client = await server.loggedIn();
    const wire = recordsFrom(client);
    expect(await dialogue(client, 'REIN')).toEqual(['> REIN', '< 220 Start again.']);
    await client.stopTls();
    expect(await dialogue(client, 'PWD', 'NOOP', 'AUTH TLS')).toEqual([
      '> PWD',
      '< 530 Log in with USER and PASS first.',
      '> NOOP',
      '< 200 Still here.',
      '> AUTH TLS',
      '< 234 Start TLS.',
    ]);
    // 18 bytes of reply and 2 of alert, each with 8 of nonce and 16 of tag. RFC 5288
    expect(wire()).toEqual([
      'record 23 of 42',
      'record 21 of 26',
      '530 Log in with USER and PASS first.\r\n200 Still here.\r\n234 Start TLS.\r\n',
    ]);
  });

  it('S-8: of AUTH: 234 alone in clear, and not a word under TLS about what was pipelined behind it', async () => {
    await using server = await TestServer.start(certificates);
    await using client = await server.connect();
    const wire = recordsFrom(client);
    await client.reply();
    client.send('AUTH TLS\r\nFEAT\r\nUSER anna\r\nPASS sec');
    expect(await client.reply()).toBe('234 Start TLS.\r\n');
    expect(wire()).toEqual(['220 FTPS Explorer server ready.\r\n234 Start TLS.\r\n']);
    await client.startTls();
    expect(await dialogue(client, 'NOOP', 'PASS secret', 'QUIT')).toEqual([
      '> NOOP',
      '< 200 Still here.',
      '> PASS secret',
      '< 503 USER comes before PASS.',
      '> QUIT',
      '< 221 Goodbye.',
    ]);
    expect(await client.rest()).toBe('');
  });
});
