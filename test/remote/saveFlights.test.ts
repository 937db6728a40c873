import { rm, utimes } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { VerifiedMove } from '../../src/client/moveVerified.ts';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import type { RemoteEntry } from '../../src/remote/remoteEntry.ts';
import { baseName } from '../../src/remote/remotePath.ts';
import { isTemporaryName } from '../../src/remote/temporaryName.ts';
import { refusesStatus } from './support/oddServers.ts';
import { anyway, bytesOf, Site } from './support/site.ts';

const ofTransfers: ReadonlySet<string> = new Set(['EPSV', 'NOOP']);

/** What left together, without what opens data connections or finds out about them. */
function flights(site: Site): string[] {
  const verbs = site
    .flights()
    .map((flight) => flight.map((line) => line.split(' ')[0] ?? '').filter((verb) => !ofTransfers.has(verb)));
  return verbs.filter((flight) => flight.length > 0).map((flight) => flight.join(' '));
}

async function save(site: Site, name = 'page.html'): Promise<string[]> {
  site.said();
  await site.files.writeFile(`/${name}`, bytesOf('new'), anyway);
  return flights(site);
}

const hashes = ['HASH', 'XSHA512', 'XSHA256', 'XSHA1', 'XSHA', 'XMD5', 'MD5', 'XCRC'];

describe('a safe save', () => {
  it('asks, uploads, verifies and renames in four flights', async () => {
    await using site = await Site.start({ server: { hide: hashes } });
    await site.seed('page.html', 'old');
    await site.files.connect();
    expect(await save(site)).toEqual(['MLST STAT', 'STOR', 'SITE MLST MLST RNFR', 'RNTO MLST']);
    expect(await save(site)).toEqual(['MLST STAT', 'STOR', 'SITE MLST MLST RNFR', 'RNTO MLST']);
  });

  it('costs as many without MLST, and asks along with all else whose the upload is', async () => {
    await using site = await Site.start({ server: { hide: ['MLST', ...hashes] } });
    for (const name of ['page.html', 'other.html']) await site.seed(name, 'old');
    const check = 'SIZE MDTM CWD STAT';
    const rest = ['STOR', 'SITE SIZE MDTM STAT SIZE MDTM RNFR', 'RNTO SIZE MDTM'];
    await site.files.connect();
    expect(await save(site)).toEqual([check, ...rest]);
    expect(await save(site, 'other.html')).toEqual([check, ...rest]);
    expect(await site.text('other.html')).toBe('new');
  });

  /** STAT tells of a file in the site as the server does, but for its owner. */
  const ownedBy =
    (owner: (path: string) => string | undefined) =>
    (client: RemoteClient): Partial<RemoteClient> => ({
      moveVerified: (from, to, move, signal) => {
        const verify: VerifiedMove['verify'] = (uploaded) => {
          const { status } = uploaded;
          const name = owner(from);
          const entry = status?.entry && name ? { ...status.entry, owner: name } : undefined;
          return move.verify({ ...uploaded, status: status && { isUnderstood: true, entry } });
        };
        return client.moveVerified(from, to, { ...move, verify }, signal);
      },
      command: async (line, signal) => {
        const reply = await client.command(line, signal);
        const name = owner(line);
        return name
          ? { ...reply, lines: reply.lines.map((text) => text.replace(/ ftp /, ` ${name} `)) }
          : reply;
      },
    });

  it('renames nothing where STAT tells that the upload belongs to another than the file', async () => {
    const oddity = ownedBy((path) => (isTemporaryName(baseName(path)) ? 'anna' : 'www-data'));
    await using site = await Site.start({ oddity, server: { hide: ['MLST', ...hashes] } });
    await site.seed('page.html', 'old');
    await site.files.connect();
    const result = await site.files.writeFile('/page.html', bytesOf('new'), anyway);
    expect(result).toMatchObject({ method: 'direct', note: expect.stringContaining('another user') });
    expect(site.said()).not.toContain('RNTO /page.html');
    expect(await site.text('page.html')).toBe('new');
    expect(await site.names()).toEqual(['page.html']);
  });

  it('lists the folder where STAT tells whose the file is, and not whose the upload is', async () => {
    const oddity = ownedBy((path) => (isTemporaryName(baseName(path)) ? undefined : 'ftp'));
    await using site = await Site.start({ oddity, server: { hide: ['MLST', ...hashes] } });
    for (const name of ['page.html', 'other.html']) await site.seed(name, 'old');
    await site.files.connect();
    const said = await save(site);
    expect(said[2]).toBe('SITE SIZE MDTM STAT SIZE MDTM RNFR');
    expect(said.join(' ')).toMatch(/ RNTO .*LIST .*SITE SIZE MDTM SIZE MDTM RNFR RNTO SIZE MDTM$/);
    expect(await save(site, 'other.html')).toEqual([
      'SIZE MDTM CWD STAT',
      'STOR',
      'SITE SIZE MDTM SIZE MDTM RNFR',
      'RNTO SIZE MDTM',
    ]);
    expect(await site.text('page.html')).toBe('new');
    expect((await site.names()).toSorted()).toEqual(['other.html', 'page.html']);
  });

  it('looks at the folder only where STAT does not tell what the path is', async () => {
    await using site = await Site.start({ oddity: () => refusesStatus });
    await site.seed('page.html', 'old');
    await site.seed('other.html', 'old');
    await site.files.connect();
    expect((await save(site)).join(' ')).toContain('LIST');
    expect((await save(site, 'other.html')).join(' ')).not.toContain('LIST');
  });

  it('does not say again what the server does not understand', async () => {
    const said: string[] = [];
    const oddity = (): Partial<RemoteClient> => ({
      command: async (line) => {
        said.push(line);
        return { code: 502, lines: ['No.'] };
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('page.html', 'old');
    await save(site);
    await save(site, 'new.html');
    expect(said).toEqual(['STAT /page.html']);
  });

  it('needs no listing where MLST has told links before, although STAT tells nothing', async () => {
    await using site = await Site.start({ oddity: () => refusesStatus });
    await site.seed('one/page.html', 'old');
    await site.seed('two/page.html', 'old');
    await site.seedLink('one/link', 'page.html');
    await site.files.writeFile('/one/link', bytesOf('new'), anyway);
    expect((await save(site, 'two/page.html')).join(' ')).not.toContain('LIST');
    expect(await site.text('one/page.html')).toBe('new');
  });

  it('asks what the path is again when it was a link, and follows only one that is still there', async () => {
    await using site = await Site.start({ server: { hide: hashes } });
    await site.seed('target.html', 'target');
    await site.seedLink('page.html', 'target.html');
    await site.files.writeFile('/page.html', bytesOf('through'), anyway);
    await rm(site.local('page.html'));
    await site.seed('page.html', 'old');
    expect(await save(site)).toEqual(['MLST STAT', 'STOR', 'SITE MLST MLST RNFR', 'RNTO MLST']);
    expect(await site.text('target.html')).toBe('through');
    expect(await site.text('page.html')).toBe('new');
  });

  it.each([
    ['HASH', [], 'SITE MLST HASH MLST RNFR'],
    ['XMD5', hashes.filter((name) => name !== 'XMD5'), 'SITE MLST XMD5 MLST RNFR'],
  ])('compares the content by %s in the same flight', async (_, hide, flight) => {
    await using site = await Site.start({ server: { hide } });
    await site.seed('page.html', 'old');
    expect(await save(site)).toContain(flight);
    site.said();
    await site.files.writeFile('/page.html', new Uint8Array(2_000_000), anyway);
    expect(flights(site)).toContain('SITE MLST MLST RNFR');
  });

  it.each([
    ['HASH', []],
    ['XSHA1', hashes.filter((name) => name !== 'XSHA1')],
  ])('keeps the old file where as many other bytes have arrived, by %s', async (_, hide) => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      moveVerified: client.moveVerified.bind(client),
      store: (path, _source, options, signal) =>
        client.store(path, Readable.from([bytesOf('mew')]), options, signal),
    });
    await using site = await Site.start({ oddity, server: { hide } });
    await site.seed('page.html', 'old');
    const saved = site.files.writeFile('/page.html', bytesOf('new'), anyway);
    await expect(saved).rejects.toThrow('bytes that are not those that were sent');
    expect(await site.text('page.html')).toBe('old');
    expect(await site.names()).toEqual(['page.html']);
  });

  it('never renames what the server stored otherwise, and removes it', async () => {
    const oddity = (client: RemoteClient): Partial<RemoteClient> => ({
      moveVerified: client.moveVerified.bind(client),
      store: async (path, source, options, signal) => {
        const sent = await client.store(path, source, options, signal);
        return sent + 1;
      },
    });
    await using site = await Site.start({ oddity });
    await site.seed('page.html', 'old');
    const saved = site.files.writeFile('/page.html', bytesOf('new'), anyway);
    await expect(saved).rejects.toMatchObject({ kind: 'unavailable', retryable: true });
    // It may be renamed to itself, which some servers want before anything else.
    expect(site.said()).not.toContain('RNTO /page.html');
    expect(await site.text('page.html')).toBe('old');
    expect(await site.names()).toEqual(['page.html']);
  });

  describe('of a file that a colleague saves during the upload', () => {
    /** The colleague is done when the upload is. */
    const colleague =
      (act: () => Promise<void>) =>
      (client: RemoteClient): Partial<RemoteClient> => ({
        moveVerified: client.moveVerified.bind(client),
        store: async (path, source, options, signal) => {
          const sent = await client.store(path, source, options, signal);
          await act();
          return sent;
        },
      });

    it.each([
      ['MLST', [] as string[]],
      ['SIZE and MDTM', ['MLST']],
    ])('replaces nothing, as %s tells', async (_, hide) => {
      const oddity = colleague(() => site.seed('page.html', 'of a colleague'));
      await using site = await Site.start({ oddity, server: { hide } });
      await site.seed('page.html', 'old');
      const saved = site.files.writeFile('/page.html', bytesOf('new'), anyway);
      await expect(saved).rejects.toMatchObject({
        kind: 'conflict',
        message: expect.stringContaining('changed it on the server meanwhile'),
      });
      expect(await site.text('page.html')).toBe('of a colleague');
      expect(await site.names()).toEqual(['page.html']);
    });

    it('replaces nothing where the file is as long as before, but younger', async () => {
      const oddity = colleague(() => utimes(site.local('page.html'), 2_000_000, 2_000_000));
      await using site = await Site.start({ oddity });
      await site.seed('page.html', 'old');
      await utimes(site.local('page.html'), 1_000_000, 1_000_000);
      const saved = site.files.writeFile('/page.html', bytesOf('new'), anyway);
      await expect(saved).rejects.toMatchObject({ kind: 'conflict' });
      expect(await site.text('page.html')).toBe('old');
    });

    it('replaces nothing that was not there before', async () => {
      const oddity = colleague(() => site.seed('page.html', 'of a colleague'));
      await using site = await Site.start({ oddity });
      const careful = { create: true, overwrite: false };
      await expect(site.files.writeFile('/page.html', bytesOf('new'), careful)).rejects.toMatchObject({
        kind: 'exists',
      });
      expect(await site.text('page.html')).toBe('of a colleague');
    });

    it('asks whoever saves once more, about what is there now', async () => {
      const asked: (number | undefined)[] = [];
      const approve = (existing: RemoteEntry | undefined): void => void asked.push(existing?.size);
      const oddity = colleague(() => site.seed('page.html', 'of a colleague'));
      await using site = await Site.start({ oddity });
      await site.seed('page.html', 'old');
      await site.files.writeFile('/page.html', bytesOf('new'), { ...anyway, approve });
      expect(asked).toEqual([3, 14]);
      expect(await site.text('page.html')).toBe('new');
    });
  });
});
