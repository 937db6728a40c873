import { describe, expect, it } from 'vitest';
import { addressOf, locationOf } from '../../src/editor/uri.ts';

describe('addresses', () => {
  it('carry the connection in lower case, because VS Code gives authorities back so', () => {
    expect(addressOf('My Site', '/www')).toEqual({ scheme: 'ftps', authority: 'my site', path: '/www' });
  });

  it.each([
    ['', '/'],
    ['/', '/'],
    ['/www/', '/www'],
    ['//www///a.txt', '/www/a.txt'],
    ['/www/../etc', '/etc'],
  ])('name the path %j as %j', (path, expected) => {
    expect(locationOf({ authority: 'Site', path })).toEqual({ profile: 'site', path: expected });
  });

  it('come back as they went in', () => {
    const { authority, path } = addressOf('site', '/Ünïcode/a b#c?.txt');
    expect(locationOf({ authority, path })).toEqual({ profile: 'site', path: '/Ünïcode/a b#c?.txt' });
  });
});
