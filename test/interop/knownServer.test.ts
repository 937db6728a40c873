import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientLog, ConnectOptions } from '../../src/client/connectOptions.ts';
import { FtpsError } from '../../src/client/errors.ts';
import { FtpsClient } from '../../src/client/ftpsClient.ts';
import { newServerTraits, type ServerTraits } from '../../src/client/serverTraits.ts';
import { type Site, startSite } from './matrix/sites.ts';

const servers = ['vsftpd', 'proftpd', 'pure-ftpd', 'pyftpdlib', 'ours'] as const;
const variants = servers.flatMap((server) =>
  (['explicit', 'implicit'] as const)
    .filter((security) => security === 'explicit' || server !== 'pure-ftpd')
    .flatMap((security) => (['TLSv1.2', 'TLSv1.3'] as const).map((tls) => ({ server, security, tls }))),
);

class Dialogue implements ClientLog {
  readonly lines: string[] = [];

  trace(line: string): void {
    this.lines.push(line);
  }

  debug(line: string): void {
    this.lines.push(line);
  }

  warn(line: string): void {
    this.lines.push(line);
  }

  count(beginning: string): number {
    return this.lines.filter((line) => line.startsWith(beginning)).length;
  }

  /** Whether one line came before another. */
  hasInOrder(first: string, second: string): boolean {
    const [a, b] = [first, second].map((text) => this.lines.findIndex((line) => line.startsWith(text)));
    return a !== undefined && b !== undefined && a >= 0 && a < b;
  }
}

describe.each(variants)('$server, $security, $tls', (variant) => {
  let site: Site | undefined;

  beforeAll(async () => {
    site = await startSite(variant);
    await site?.seed('seeded.txt', 'hello');
  });

  afterAll(async () => site?.[Symbol.asyncDispose]());

  function optionsWith(traits: ServerTraits, more: Partial<ConnectOptions> = {}): ConnectOptions {
    if (!site) throw new Error('the server cannot be had this way');
    return { ...site.connect, traits, ...more };
  }

  it('is told the set-up with PASS, and the whole login at once when it is known', async () => {
    const traits = newServerTraits();
    const first = new Dialogue();
    await using stranger = await FtpsClient.connect(optionsWith(traits, { log: first }));
    const kept: ServerTraits = JSON.parse(JSON.stringify(traits));
    expect(kept).toMatchObject({ loginInOneFlight: true, bearsFlights: true });
    expect((await stranger.list('/')).entries).toMatchObject([{ name: 'seeded.txt', size: 5 }]);
    expect(first.hasInOrder('< 331', '> PASS')).toBe(true);
    expect(first.hasInOrder('> FEAT', '< 230')).toBe(true);

    const second = new Dialogue();
    await using acquaintance = await FtpsClient.connect(optionsWith(kept, { log: second }));
    expect(second.hasInOrder('> FEAT', '< 331')).toBe(true);
    expect(acquaintance.features.names).toEqual(stranger.features.names);
    expect(acquaintance.report()).toMatchObject({ protection: 'P', tlsVersion: variant.tls });
    expect((await acquaintance.list('/')).entries).toMatchObject([{ name: 'seeded.txt', size: 5 }]);
    expect(first.count('Connecting again with fewer') + second.count('Connecting again with fewer')).toBe(0);
    expect(second.hasInOrder('> EPSV', '> FEAT')).toBe(true);
  });

  it.each([undefined, true])('hears a wrong password once, known or not (%s)', async (loginInOneFlight) => {
    const log = new Dialogue();
    const traits = { ...newServerTraits(), loginInOneFlight };
    const options = optionsWith(traits, { password: 'wrong', log });
    const failure: unknown = await FtpsClient.connect(options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FtpsError);
    expect(failure).toMatchObject({ kind: 'loginRefused', step: 'login', reply: { code: 530 } });
    expect([log.count('> PASS'), log.count('connecting to')]).toEqual([1, 1]);
  });

  it('has an upload verified and renamed in two flights, or left as it is', async () => {
    await using client = await FtpsClient.connect(optionsWith(newServerTraits()));
    await client.store('/.new.txt', Readable.from([Buffer.from('content')]));
    const refused = await client.moveVerified('/.new.txt', '/seeded.txt', {
      verify: ({ facts }) => facts?.size === 8,
    });
    expect(refused).toMatchObject({ kind: 'unverified', uploaded: { facts: { size: 7 } } });
    const nowhere = await client.moveVerified('/.new.txt', '/missing/seeded.txt', { verify: () => true });
    expect(nowhere).toMatchObject({ kind: 'refused', error: { kind: 'refused' } });
    const moved = await client.moveVerified('/.new.txt', '/seeded.txt', {
      verify: ({ facts }) => facts?.size === 7,
      mode: 0o640,
    });
    expect(moved).toMatchObject({
      kind: 'moved',
      uploaded: { modeIsSet: true },
      target: { name: 'seeded.txt', type: 'file', size: 7 },
    });
    const root = site?.root ?? '';
    expect(await readFile(join(root, 'seeded.txt'), 'utf8')).toBe('content');
    expect(await readdir(root)).toEqual(['seeded.txt']);
    await client.rename('/seeded.txt', '/again.txt');
    expect(await client.size('/again.txt')).toBe(7);
  });
});
