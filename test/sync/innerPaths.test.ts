import { describe, expect, it } from 'vitest';
import { innerPaths } from '../../src/sync/innerPaths.ts';
import type { Pair } from '../../src/sync/pairKey.ts';

function pair(localFolder: string, remoteFolder: string, more: Partial<Pair> = {}): Pair {
  return { host: 'ftp.example.com', port: 21, user: 'anna', localFolder, remoteFolder, ...more };
}

const site = pair('/home/anna/site', '/www');

describe('what a pair of folders leaves to others', () => {
  it('is what lies inside of its folders, here or on the server', () => {
    const others = [
      pair('/home/anna/site/admin', '/backend'),
      pair('/home/anna/blog', '/www/deep/blog'),
      pair('/home/anna/site/shop', '/www/shop'),
    ];
    const all = [site, ...others];
    expect(innerPaths(site, all, all)).toEqual(['admin', 'shop', 'deep/blog']);
  });

  it('is nothing of what lies beside or around them, or is the same folder', () => {
    const others = [
      pair('/home/anna', '/'),
      pair('/home/anna/site2', '/www2'),
      pair('/home/anna/site', '/www'),
      pair('/home/anna/..site', '/'),
    ];
    expect(innerPaths(site, [site, ...others], [site, ...others])).toEqual([]);
  });

  it('is nothing on another server or of another login', () => {
    const others = [{ host: 'ftp.example.org' }, { port: 990 }, { user: 'ben' }];
    const elsewhere = others.map((other) => pair('/home/anna/other', '/www/admin', other));
    expect(innerPaths(site, [site], [site, ...elsewhere])).toEqual([]);
    const here = pair('/home/anna/other', '/www/admin', { host: 'FTP.example.com' });
    expect(innerPaths(site, [site], [site, here])).toEqual(['admin']);
  });

  it('is no local folder that another connection carries as well, such as staging beside production', () => {
    const production = pair('/home/anna/site/dist', '/live');
    expect(innerPaths(site, [site], [site, production])).toEqual([]);
  });

  it('is found below the root of a server, and on Windows whatever the case of the drive', () => {
    const whole = pair('C:\\site', '/');
    const inner = pair('c:\\site\\deep\\admin', '/www/admin');
    expect(innerPaths(whole, [whole, inner], [whole, inner])).toEqual(['deep/admin', 'www/admin']);
  });
});
