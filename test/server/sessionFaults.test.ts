import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FaultChoice } from '../../src/server/faults/faultCatalogue.ts';
import { Faults } from '../../src/server/faults/faults.ts';
import { createCertificates, type TestCertificates, TestServer } from './support/testServer.ts';
import { readAll } from './support/wireClient.ts';

let certificates: TestCertificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

describe('a server told to misbehave in its sessions', () => {
  it('tooManySessions: answers 421 to one more', async () => {
    await using server = await TestServer.start(certificates, { faults: ['tooManySessions=2'] });
    await using first = await server.connect();
    await using second = await server.connect();
    await using third = await server.connect();
    expect(await first.reply()).toMatch(/^220 /);
    expect(await second.reply()).toMatch(/^220 /);
    expect(await third.reply()).toMatch(/^421 /);
  });

  it('listOnly: knows no MLSD and no MLST', async () => {
    await using server = await TestServer.start(certificates, { faults: ['listOnly'], hide: ['SIZE'] });
    await using client = await server.loggedIn();
    expect(await client.command('FEAT')).not.toMatch(/MLST|SIZE/);
    expect(await client.command('MLST')).toMatch(/^500 /);
    expect(await client.command('MLSD')).toMatch(/^500 /);
    expect(await client.command('SIZE a')).toMatch(/^500 /);
  });

  it('noOverwritingRename: takes new names only', async () => {
    await using server = await TestServer.start(
      certificates,
      { faults: ['noOverwritingRename'] },
      async (root) => {
        await writeFile(join(root, 'old.txt'), 'old');
        await writeFile(join(root, 'taken.txt'), 'taken');
      },
    );
    await using client = await server.loggedIn();
    const rename = async (to: string): Promise<string> => {
      await client.command('RNFR old.txt');
      return client.command(`RNTO ${to}`);
    };
    expect(await rename('taken.txt')).toMatch(/^553 /);
    expect(await rename('../new.txt')).toMatch(/^550 /);
    expect(await rename('new.txt')).toMatch(/^250 /);
    await access(join(server.root, 'new.txt'));
  });

  it('reinKeepsTls: logs out with 230 and stays under TLS', async () => {
    await using server = await TestServer.start(certificates, { faults: ['reinKeepsTls'] });
    await using client = await server.loggedIn();
    expect(await client.command('REIN')).toMatch(/^230 /);
    expect(await client.command('PWD')).toMatch(/^530 /);
    expect(await client.command('USER anna')).toMatch(/^331 /);
    expect(client.tls?.readable).toBe(true);
  });

  it('implicitWithoutProtection: refuses transfers with 522 until PROT P is sent', async () => {
    const faults: FaultChoice[] = ['implicitWithoutProtection'];
    await using server = await TestServer.start(certificates, { faults, security: 'implicit' });
    await using client = await server.loggedIn();
    await client.command('EPSV');
    expect(await client.command('LIST')).toBe('522 Data connections must be encrypted.\r\n');
    expect(await client.command('PBSZ 0')).toMatch(/^200 /);
    expect(await client.command('PROT P')).toMatch(/^200 /);
    const socket = await client.passive();
    client.send('LIST\r\n');
    const data = client.secureData(socket);
    await readAll(data);
    data.end();
    expect(await client.reply()).toMatch(/^150 /);
    expect(await client.reply()).toMatch(/^226 /);
  });

  it('clearGreeting: greets before TLS on implicit, and not inside it', async () => {
    const faults: FaultChoice[] = ['clearGreeting'];
    await using server = await TestServer.start(certificates, { faults, security: 'implicit' });
    await using client = await server.connect();
    expect(await client.reply()).toMatch(/^220 /);
    await client.startTls();
    expect(await client.command('NOOP')).toMatch(/^200 /);
  });

  it.each([
    ['nonsense', /nonsense is no fault; there are .*splitReplies/],
    ['splitReplies=3', 'takes no parameter'],
    ['lateReplies=soon', 'soon is no positive number'],
    ['tooManySessions=0', '0 is no positive number'],
    ['stall=somewhere', /somewhere is no step; there are greeting/],
    ['', /is no fault/],
    ['constructor', /is no fault/],
  ])('does not start with %j', async (choice, reason) => {
    await expect(Faults.of([choice])).rejects.toThrow(reason);
  });
});
