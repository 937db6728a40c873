import { describe, expect, it } from 'vitest';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { failureOf, KeptLog, offerPort, openData, optionsFor, welcome } from './dialogue.ts';
import { sessionWith } from './session.ts';

/** Hears the command and answers it with these lines. */
async function showLines(connection: ScriptedConnection, command: string, ...lines: string[]): Promise<void> {
  const data = await openData(connection, command);
  if (lines.length > 0) data.say(...lines);
  data.end();
  connection.say('226 done');
}

const unixFile = '-rw-r--r--   1 ada  ada   12 Jan 15 12:00 a';
const itself = 'drwxr-xr-x   2 ada  ada 4096 Jan 15 12:00 .';
const noMlst = { features: [] };

describe('a listing that the server cuts at a limit of its own', () => {
  it.each([
    ['MLSD', {}, 'MLSD /', 'Type=file;Size=12; a'],
    ['LIST', noMlst, 'LIST -a', unixFile],
  ])('C-44 C-45: tells so, by %s', async (_, options, command, line) => {
    await using at = await sessionWith(async (connection) => {
      if (command.startsWith('LIST')) await connection.answer('CWD /', '250 there');
      const data = await openData(connection, command);
      data.say(line);
      data.end();
      connection.say('226-Options: -l', '226 Output truncated to 1 matches');
    }, options);
    expect(await at.client.list('/')).toMatchObject({
      entries: [{ name: 'a' }],
      cutShort: 'Output truncated to 1 matches',
    });
  });
});

describe('a listing', () => {
  it('C-44: comes by MLSD where FEAT lists MLST, with the path as its argument', async () => {
    await using at = await sessionWith(async (connection) => {
      await showLines(
        connection,
        'MLSD /a b',
        'type=cdir; /a b',
        'Type=file;Size=12;X.odd=1; c; d',
        'type=dir; e',
      );
    });
    const listing = await at.client.list('/a b');
    expect(listing).toMatchObject({
      source: 'mlsd',
      entries: [
        { name: 'c; d', type: 'file', size: 12 },
        { name: 'e', type: 'directory' },
      ],
      dropped: [],
    });
  });

  it('C-45: comes by LIST elsewhere, with the path said by CWD, never to LIST', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('CWD /-l *', '250 there');
      await showLines(connection, 'LIST -a', 'total 4', itself, unixFile);
    }, noMlst);
    const listing = await at.client.list('/-l *');
    expect(listing).toMatchObject({ source: 'list', entries: [{ name: 'a', size: 12 }] });
  });

  it('leaves a folder that is removed, for some servers end sessions that stand in one', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('CWD /a/b', '250 there');
      await showLines(connection, 'LIST -a', itself);
      await connection.answer('RMD /a/c', '250 gone');
      await connection.answer('CWD /', '250 there');
      await connection.answer('RMD /a', '250 gone');
      await connection.answer('RMD /a', '550 not there');
    });
    await at.client.listLong('/a/b');
    await at.client.removeDirectory('/a/c');
    await at.client.removeDirectory('/a');
    expect(await failureOf(at.client.removeDirectory('/a'))).toMatchObject({ kind: 'refused' });
  });

  it('leaves no failure to nobody where the session is lost while a folder is left and removed', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    await using server = await ScriptedServer.listen(async (connection) => {
      await welcome(connection, []);
      await connection.answer('CWD /a', '250 there');
      await showLines(connection, 'LIST -a', itself);
      await connection.answer('CWD /');
      connection.end();
    });
    const client = await FtpsClient.connect(optionsFor(server));
    await client.list('/a');
    expect(await failureOf(client.removeDirectory('/a'))).toMatchObject({ kind: 'closed' });
    await new Promise(setImmediate);
    process.off('unhandledRejection', onUnhandled);
    expect(unhandled).toEqual([]);
  });

  it('C-45: comes by LIST on demand, for MLSD of some servers hides what it does not like', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('CWD /a', '250 there');
      await showLines(connection, 'LIST -a', itself, 'lrwxrwxrwx 1 ada ada 4 Jan 15 12:00 l -> gone');
    });
    const { source, entries } = await at.client.listLong('/a');
    expect(source).toBe('list');
    expect(entries).toMatchObject([{ name: 'l', type: 'link', target: 'gone' }]);
  });

  it.each(['500 no', '501 no', '504 no', '550 -a: no such file'])(
    'C-45: comes by plain LIST when -a is refused by %s, and by that alone from then on',
    async (refusal) => {
      await using at = await sessionWith(async (connection) => {
        await connection.answer('CWD /a', '250 there');
        await offerPort(connection);
        await connection.answer('LIST -a', refusal);
        await showLines(connection, 'LIST', unixFile);
        await connection.answer('CWD /b', '200 there');
        await showLines(connection, 'LIST', unixFile);
      }, noMlst);
      expect((await at.client.list('/a')).entries).toHaveLength(1);
      expect((await at.client.list('/b')).entries).toHaveLength(1);
    },
  );

  it('C-45: comes by plain LIST when -a is taken for a name, and shows nothing', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('CWD /a', '250 there');
      await showLines(connection, 'LIST -a');
      await showLines(connection, 'LIST', unixFile);
    }, noMlst);
    expect((await at.client.list('/a')).entries).toHaveLength(1);
  });

  it('C-17: is asked for with -a again after a data connection was refused', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('CWD /a', '250 there');
      for (let times = 0; times < 2; times += 1) {
        await offerPort(connection);
        await connection.answer('LIST -a', '425 no connection');
      }
      await connection.answer('CWD /a', '250 there');
      await showLines(connection, 'LIST -a', itself, unixFile);
    }, noMlst);
    expect(await failureOf(at.client.list('/a'))).toMatchObject({ reply: { code: 425 } });
    expect((await at.client.list('/a')).entries).toHaveLength(1);
  });

  it('fails with the answer to CWD, and says no LIST', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('CWD /a', '550 no such folder');
    }, noMlst);
    const error = await failureOf(at.client.list('/a'));
    expect(error).toMatchObject({ kind: 'refused', reply: { code: 550 } });
    expect(error.message).toContain('/a');
  });

  it('has the connection to itself from CWD to the last line, so that no other CWD comes between', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('CWD /a', '250 there');
      await showLines(connection, 'LIST -a', itself, unixFile);
      await connection.answer('SIZE /x', '213 5');
      await connection.answer('MDTM /x', '213 20260115120000');
      await connection.answer('CWD /x', '550 a file');
      await connection.answer('CWD /b', '250 there');
      await showLines(connection, 'LIST -a', itself, unixFile.replace(/a$/, 'b'));
      await connection.answer('SIZE /y', '213 6');
    }, noMlst);
    const [first, entry, second, size] = await Promise.all([
      at.client.list('/a'),
      at.client.stat('/x'),
      at.client.list('/b'),
      at.client.size('/y'),
    ]);
    expect(first.entries).toMatchObject([{ name: 'a' }]);
    expect(entry).toMatchObject({ name: 'x', type: 'file', size: 5, modifiedAt: Date.UTC(2026, 0, 15, 12) });
    expect(second.entries).toMatchObject([{ name: 'b' }]);
    expect(size).toBe(6);
  });

  it('C-38: that ends without close_notify is truncated, never a short folder', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'MLSD /');
      data.say('type=file; a');
      await new Promise(setImmediate);
      data.cut();
      connection.say('226 done');
    });
    expect(await failureOf(at.client.list('/'))).toMatchObject({ kind: 'truncated' });
  });

  it.each([
    ['MLSD', {}, 'MLSD /', 'type=file; '],
    ['LIST', noMlst, 'LIST -a', '-rw-r--r-- 1 ada ada 5 Jan  1 2026 '],
  ])(
    'C-46: by %s leaves out names that lead elsewhere, and tells of them in the log',
    async (_, options, command, facts) => {
      const log = new KeptLog();
      const hostile = [
        '../../etc/passwd',
        'a\0b',
        'a\r2026-01-01 [info] forged \x1b[2J',
        `${'x'.repeat(5000)}/y`,
      ];
      const lines = [...hostile, ...hostile, 'good'].map((name) => facts + name);
      await using at = await sessionWith(
        async (connection) => {
          if (command.startsWith('LIST')) await connection.answer('CWD /', '250 there');
          await showLines(connection, command, ...lines, 'nonsense');
        },
        { log, ...options },
      );
      const { entries, dropped } = await at.client.list('/');
      expect(entries.map(({ name }) => name)).toEqual(['good']);
      expect(dropped).toHaveLength(9);
      const told = log.lines.filter((line) => line.startsWith('Left out'));
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('Left out 9 lines of the listing of /');
      expect(told[0]).toContain('../../etc/passwd');
      expect(told[0]).not.toMatch(/\p{Cc}/u);
      expect(told[0]?.length).toBeLessThan(1500);
    },
  );

  it('reads Latin-1 where the profile says so, and UTF-8 otherwise', async () => {
    const line = Buffer.from('type=file; \u00c3\u00bc\r\n', 'latin1');
    const names: (string | undefined)[] = [];
    for (const encoding of ['utf8', 'latin1'] as const) {
      await using server = await ScriptedServer.listen(async (connection) => {
        connection.say('220 ready');
        await connection.answer('USER ada', '230 in');
        await connection.answer('FEAT', '211-Features', ' MLST type*;', '211 End');
        if (encoding === 'utf8') await connection.answer('OPTS UTF8 ON', '200 ok');
        await connection.answer('TYPE I', '200 binary');
        const listener = await offerPort(connection);
        const data = await listener.connection;
        await connection.answer('MLSD /', '150 opening');
        data.sayRaw(line);
        data.end();
        connection.say('226 done');
      });
      const client = await FtpsClient.connect(optionsFor(server, { security: 'none', encoding }));
      names.push((await client.list('/')).entries[0]?.name);
      client.destroy();
    }
    expect(names).toEqual(['ü', 'Ã¼']);
  });

  it('C-52: with a line that never ends is given up, and the session goes on', async () => {
    await using at = await sessionWith(async (connection) => {
      const data = await openData(connection, 'MLSD /');
      const junk = 'x'.repeat(16 * 1024);
      const gone = data.ended.then(() => true);
      let over = false;
      while (!over) {
        data.sayRaw(junk);
        over = await Promise.race([
          gone,
          new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
        ]);
      }
      connection.say('426 you hung up');
    });
    const error = await failureOf(at.client.list('/'));
    expect(error).toMatchObject({ kind: 'protocol' });
    expect(error.message).toContain('too long');
  });
});

describe('what one path is', () => {
  it('C-43: is asked of MLST where there is one', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer(
        'MLST /d/a',
        '250-Listing',
        ' type=file;size=3;modify=20260115120000.250; /d/a',
        '250 End',
      );
      await connection.answer('MLST /d/b', '550 no such file');
      await connection.answer('MLST /d/c', '250-Listing', '250 End');
      await connection.answer('MLST /d/d', '451 trouble');
    });
    expect(await at.client.stat('/d/a')).toMatchObject({
      name: 'a',
      size: 3,
      modifiedAt: Date.UTC(2026, 0, 15, 12) + 250,
    });
    expect(await at.client.stat('/d/b')).toBeUndefined();
    expect(await failureOf(at.client.stat('/d/c'))).toMatchObject({ kind: 'protocol' });
    expect(await failureOf(at.client.stat('/d/d'))).toMatchObject({ kind: 'refused', reply: { code: 451 } });
  });

  it.each([
    ['a file', ['213 5', '213 19100115120000', '550 no'], { type: 'file', size: 5 }],
    ['a file without SIZE', ['500 what', '213 20260115120000', '550 no'], { type: 'file' }],
    ['a file without MDTM', ['213 5', '500 what', '550 no'], { type: 'file', size: 5 }],
    ['a folder', ['550 no', '550 no', '250 there'], { type: 'directory' }],
    ['nothing', ['550 no', '550 no', '550 no'], undefined],
    ['nothing, where SIZE is not known', ['500 what', '550 no', '550 no'], undefined],
  ])('is pieced together elsewhere: %s', async (_, [size, time, folder], expected) => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('SIZE /a', size ?? '');
      await connection.answer('MDTM /a', time ?? '');
      await connection.answer('CWD /a', folder ?? '');
    }, noMlst);
    const entry = await at.client.stat('/a');
    if (expected === undefined) expect(entry).toBeUndefined();
    else expect(entry).toMatchObject({ name: 'a', ...expected });
  });

  it('is an error, not "nothing", where no answer tells', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('SIZE /a', '500 what');
      await connection.answer('MDTM /a', '500 what');
      await connection.answer('CWD /a', '550 no');
    }, noMlst);
    expect(await failureOf(at.client.stat('/a'))).toMatchObject({ kind: 'refused', reply: { code: 500 } });
  });

  it('is an error where the answers make no sense, and a folder where "/" is asked for', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('SIZE /a', '213 many');
      await connection.answer('MDTM /a', '213 yesterday');
      await connection.answer('CWD /a', '550 no');
      await connection.answer('SIZE /', '550 no');
      await connection.answer('MDTM /', '550 no');
      await connection.answer('CWD /', '250 there');
    }, noMlst);
    expect(await failureOf(at.client.stat('/a'))).toMatchObject({ kind: 'protocol' });
    expect(await at.client.stat('/')).toEqual({ name: '/', type: 'directory' });
  });

  it.each([
    ['213 12', 12],
    ['213  12 ', 12],
    ['213 many', undefined],
    ['550 it is sent in ASCII', undefined],
    ['500 what', undefined],
  ])('C-41: has a size by SIZE, unless the answer is %s', async (reply, expected) => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('SIZE /a', reply);
    });
    expect(await at.client.size('/a')).toBe(expected);
  });

  it('C-43: has a time by MDTM, in UTC; and a server without MFMT is no error', async () => {
    await using at = await sessionWith(async (connection) => {
      await connection.answer('MDTM /a', '213 20260115120000.5');
      await connection.answer('MDTM /a', '550 no');
    });
    expect(await at.client.modifiedAt('/a')).toBe(Date.UTC(2026, 0, 15, 12, 0, 0, 500));
    expect(await at.client.modifiedAt('/a')).toBeUndefined();
    expect(await at.client.setModifiedAt('/a', 0)).toBe(false);
  });

  it('C-43: takes a time by MFMT and a mode by SITE CHMOD', async () => {
    await using at = await sessionWith(
      async (connection) => {
        await connection.answer('MFMT 20260115120000 /a b', '213 Modify=20260115120000; /a b');
        await connection.answer('MFMT 20260115120000 /c', '550 no');
        await connection.answer('SITE CHMOD 644 /a b', '200 done');
        await connection.answer('SITE CHMOD 4755 /a b', '500 what');
      },
      { features: ['MFMT'] },
    );
    const time = Date.UTC(2026, 0, 15, 12);
    expect(await at.client.setModifiedAt('/a b', time)).toBe(true);
    expect(await at.client.setModifiedAt('/c', time)).toBe(false);
    expect(await at.client.setMode('/a b', 0o100644)).toBe(true);
    expect(await at.client.setMode('/a b', 0o4755)).toBe(false);
  });
});
