import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import { failureOf, farewell, greetSecurely, KeptLog, openData, optionsFor, welcome } from './dialogue.ts';
import { sessionWith } from './session.ts';

/** What a session, one command of which is under way, comes to when the server does this. */
async function outcomeOf(misbehave: (connection: ScriptedConnection) => Promise<void> | void) {
  await using server = await ScriptedServer.listen(async (connection) => {
    await welcome(connection);
    await connection.hear();
    await misbehave(connection);
  });
  const client = await FtpsClient.connect(optionsFor(server));
  const error = await failureOf(client.size('/a'));
  const reason = await client.closed;
  await Promise.all(server.connections.map((connection) => connection.ended));
  return { error, reason, isOpen: client.isOpen, next: await failureOf(client.noop()) };
}

describe('commands side by side', () => {
  it('are said without waiting, and answered in order; one that is refused does not shift the others', async () => {
    await using at = await sessionWith(async (connection) => {
      const lines = [];
      for (let count = 0; count < 5; count += 1) lines.push(await connection.hear());
      expect(lines).toEqual(['SIZE /a', 'DELE /b', 'MDTM /c', 'MKD /d', 'PWD']);
      connection.say('213 1', '550 no', '213 20260115120000', '257 "/d" made', '257 "/"');
    });
    const [size, refused, time, , directory] = await Promise.all([
      at.client.size('/a'),
      failureOf(at.client.deleteFile('/b')),
      at.client.modifiedAt('/c'),
      at.client.createDirectory('/d'),
      at.client.workingDirectory(),
    ]);
    expect([size, time, directory]).toEqual([1, Date.UTC(2026, 0, 15, 12), '/']);
    expect(refused).toMatchObject({ kind: 'refused', step: 'command', reply: { code: 550 } });
    expect(refused.message).toContain('/b');
  });

  it('wait for a transfer, and a transfer for them', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('SIZE /a', '213 1');
      const data = await openData(connection, 'RETR /a');
      data.end();
      connection.say('226 done');
      await connection.answer('SIZE /b', '213 2');
    });
    const order: string[] = [];
    const said = async (what: string, call: Promise<unknown>): Promise<void> => {
      await call;
      order.push(what);
    };
    await Promise.all([
      said('SIZE /a', at.client.size('/a')),
      said('RETR /a', at.client.retrieve('/a', new PassThrough().resume())),
      said('SIZE /b', at.client.size('/b')),
    ]);
    expect(order).toEqual(['SIZE /a', 'RETR /a', 'SIZE /b']);
  });

  it('rename says RNFR and RNTO together, and names the one that was refused', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('RNFR /a', '350 go on');
      await connection.answer('RNTO /b', '250 renamed');
      await connection.answer('RNFR /c', '550 no such file');
      await connection.answer('RNTO /d', '503 RNFR first');
      await connection.answer('RNFR /e', '350 go on');
      await connection.answer('RNTO /f', '553 not that name');
    });
    const [, first, second] = await Promise.all([
      at.client.rename('/a', '/b'),
      failureOf(at.client.rename('/c', '/d')),
      failureOf(at.client.rename('/e', '/f')),
    ]);
    expect(first).toMatchObject({ reply: { code: 550 } });
    expect(second).toMatchObject({ reply: { code: 553 } });
  });
});

describe('what a server can do', () => {
  it.each([
    ['as the RFC has it', ['211-Features', ' MLST type*;size*;', ' UTF8', '211 End']],
    ['in small letters, oddly indented', ['211-features', 'mlst Type*;Size*;', '   utf8', '211 end']],
  ])('C-48: is read %s', async (_, lines) => {
    await using server = await ScriptedServer.listen(async (connection) => {
      await greetSecurely(connection);
      await connection.answer('USER ada', '230 in');
      await connection.answer('FEAT', ...lines);
      for (const verb of ['OPTS', 'PBSZ', 'PROT', 'TYPE'])
        await connection.answer(new RegExp(`^${verb}`), '200 ok');
    });
    const client = await FtpsClient.connect(optionsFor(server));
    expect([client.features.has('MLST'), client.features.has('UTF8')]).toEqual([true, true]);
    client.destroy();
  });

  it.each(['500 what', '502 no', '530 log in first'])(
    'C-48: is nothing special where FEAT gets %s',
    async (reply) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await greetSecurely(connection);
        await connection.answer('USER ada', '230 in');
        await connection.answer('FEAT', reply);
        for (const verb of ['OPTS', 'PBSZ', 'PROT', 'TYPE'])
          await connection.answer(new RegExp(`^${verb}`), '200 ok');
      });
      const client = await FtpsClient.connect(optionsFor(server));
      expect(client.features.names).toEqual([]);
      client.destroy();
    },
  );

  it.each(['200 ok', '202 superfluous', '501 what', '502 no', '504 not that'])(
    'C-49: includes UTF-8 or not: %s to OPTS means nothing',
    async (reply) => {
      await using server = await ScriptedServer.listen(async (connection) => {
        await greetSecurely(connection);
        await connection.answer('USER ada', '230 in');
        await connection.answer('FEAT', '500 what');
        await connection.answer('OPTS UTF8 ON', reply);
        for (const verb of ['PBSZ', 'PROT', 'TYPE'])
          await connection.answer(new RegExp(`^${verb}`), '200 ok');
      });
      const client = await FtpsClient.connect(optionsFor(server));
      expect(client.isOpen).toBe(true);
      client.destroy();
    },
  );
});

describe('a server that breaks the rules', () => {
  it.each([
    ['sends garbage', 'SSH-2.0-OpenSSH\r\n', /not an FTP reply/],
    ['sends a code that is none', '999 what\r\n', /not an FTP reply/],
    ['sends a line without end', 'x'.repeat(9000), /too long/],
    ['sends a reply without end', `213-begin\r\n${' and so on\r\n'.repeat(110_000)}`, /too long/],
  ])('C-52: and %s ends the session, and says so', async (_, bytes, message) => {
    const { error, reason, isOpen, next } = await outcomeOf((connection) => connection.sayRaw(bytes));
    expect(error).toMatchObject({ kind: 'protocol' });
    expect(error.message).toMatch(message);
    expect(reason).toBe(error);
    expect(isOpen).toBe(false);
    expect(next).toBe(error);
  });

  it('C-52: and hangs up within a reply ends the session, and says so', async () => {
    const { error } = await outcomeOf((connection) => {
      connection.sayRaw('213-beg');
      connection.end();
    });
    expect(error).toMatchObject({ kind: 'protocol' });
    expect(error.message).toContain('inside a reply');
  });

  it('hangs up before a reply: the error names the command that was under way', async () => {
    const { error, reason } = await outcomeOf((connection) => connection.end());
    expect(error).toMatchObject({ kind: 'closed', step: 'command' });
    expect(error.message).toContain('the reply to SIZE');
    expect(reason).toBe(error);
  });

  it('resets the connection: the same, and the error keeps its cause', async () => {
    const { error } = await outcomeOf((connection) => void connection.socket.resetAndDestroy());
    expect(error).toMatchObject({ kind: 'closed', cause: { code: 'ECONNRESET' } });
  });

  it('C-55: speaks clear text inside TLS: the session is over, in words without addresses', async () => {
    const { error } = await outcomeOf(
      (connection) => void connection.socket.write('500 OOPS: priv_sock_get_cmd\r\n'),
    );
    expect(error).toMatchObject({ kind: 'closed' });
    expect(error.message).not.toMatch(/openssl|:error:/);
  });

  it('C-53: says 421 in the middle of things: the session is over', async () => {
    const { error, reason, isOpen } = await outcomeOf((connection) => connection.say('421 timeout'));
    expect(error).toMatchObject({ kind: 'closed' });
    expect(reason?.message).toContain('421 timeout');
    expect(isOpen).toBe(false);
  });

  it.each([
    ['421 idle for too long', 'closed'],
    ['226 did you ask?', 'protocol'],
    ['150 opening', 'protocol'],
  ])('C-53: says %s unasked: the session is over, with that as reason', async (line, kind) => {
    let idle = (): void => {};
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection);
      await new Promise<void>((resolve) => {
        idle = resolve;
      });
      connection.say(line);
    });
    const client = await FtpsClient.connect(optionsFor(server));
    idle();
    const reason = await client.closed;
    expect(reason).toMatchObject({ kind });
    expect(reason?.message).toContain(line);
    expect(await failureOf(client.noop())).toBe(reason);
  });

  it('C-52: holds control characters, which would forge a line of the log or speak to a terminal: they become spaces', async () => {
    const log = new KeptLog();
    await using server = await ScriptedServer.listen(async (connection) => {
      connection.say('220 ready\r2026-01-01 [error] forged \x1b[2J');
      await connection.answer('AUTH TLS', '534-no\r[info] forged', ' \x1b]0;title\x07', '534 no\0');
      await farewell(connection);
    });
    const error = await failureOf(FtpsClient.connect(optionsFor(server, { log })));
    const shown = [...log.lines, error.message];
    expect(shown.filter((line) => line.includes('forged'))).toHaveLength(3);
    expect(shown.filter((line) => /\p{Cc}/u.test(line))).toEqual([]);
  });
});
