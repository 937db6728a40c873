import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { ScriptedServer } from '../support/scriptedServer.ts';
import { failureOf, farewell, KeptLog, optionsFor, password, welcome } from './dialogue.ts';

describe('the log', () => {
  it('C-56: holds the dialogue, and of the password nothing', async () => {
    const log = new KeptLog();
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('DELE /a', '550 no');
      await farewell(connection);
    });
    const client = await FtpsClient.connect(optionsFor(server, { log }));
    await failureOf(client.deleteFile('/a'));
    await client.quit();
    expect(log.lines).toEqual(
      expect.arrayContaining(['> AUTH TLS', '> PASS ********', '> DELE /a', '< 550 no', '> QUIT']),
    );
    expect(log.lines.join('\n')).not.toContain(password);
  });
});

describe('the end of a session', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'C-57: is QUIT, its reply, close_notify and FIN (%s)',
    async (maxVersion) => {
      const order: string[] = [];
      await using server = await ScriptedServer.listen(async (connection) => {
        await welcome(connection);
        await connection.answer('QUIT', '221 bye');
        order.push('221');
        await connection.ended;
        order.push('end');
        connection.end();
      });
      const { ca = [] } = optionsFor(server).tls ?? {};
      const client = await FtpsClient.connect(optionsFor(server, { tls: { ca, maxVersion } }));
      const leaving = client.quit();
      expect(client.isOpen).toBe(false);
      expect(await failureOf(client.noop())).toMatchObject({ kind: 'closed' });
      await Promise.all([leaving, client.quit()]);
      expect(await client.closed).toBeUndefined();
      await server.done();
      expect(order).toEqual(['221', 'end']);
      await client.quit();
    },
  );

  it('C-57: waits for the commands before it', async () => {
    let tell = (): void => {};
    const said = new Promise<void>((resolve) => {
      tell = resolve;
    });
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('SIZE /a');
      tell();
      await connection.answer('QUIT');
      connection.say('213 5', '221 bye');
      connection.end();
    });
    const client = await FtpsClient.connect(optionsFor(server));
    const size = client.size('/a');
    await said;
    await Promise.all([expect(size).resolves.toBe(5), client.quit()]);
  });

  it('is orderly too when the server hangs up instead of an answer to QUIT', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.answer('QUIT');
      connection.end();
    });
    const client = await FtpsClient.connect(optionsFor(server));
    await client.quit();
    expect(await client.closed).toBeUndefined();
  });

  it('by destroy fails what is under way at once', async () => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await connection.hear();
    });
    const client = await FtpsClient.connect(optionsFor(server));
    const failures = [failureOf(client.noop()), failureOf(client.retrieve('/a', new PassThrough()))];
    await server.done();
    client.destroy();
    for (const failure of failures) expect(await failure).toMatchObject({ kind: 'closed' });
    expect(await client.closed).toBeUndefined();
  });
});
