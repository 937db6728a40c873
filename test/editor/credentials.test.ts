import { describe, expect, it } from 'vitest';
import { Credentials } from '../../src/editor/credentials.ts';
import type { Keychain } from '../../src/editor/keychainLibrary.ts';
import { keychainLimit, KeychainStore } from '../../src/editor/keychainStore.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { MemoryStore } from './support/memoryStore.ts';

/** A keychain that works, but for what a test replaces. */
function keychainWith(secrets: Map<string, string>, broken: Partial<Keychain> = {}): Keychain {
  return {
    getPassword: async (_service, account) => secrets.get(account) ?? null,
    setPassword: async (_service, account, secret) => {
      secrets.set(account, secret);
    },
    deletePassword: async (_service, account) => secrets.delete(account),
    ...broken,
  };
}

/** One session of VS Code, whose own storage outlives it. */
function setUp(open: () => Keychain, fallback = new MemoryStore()) {
  const clock = new FakeClock();
  const told: string[] = [];
  const credentials = new Credentials({
    openKeychain: () => new KeychainStore(open(), clock),
    secrets: fallback,
    announceFallback: (reason) => told.push(reason),
  });
  return { clock, fallback, told, credentials };
}

describe('passwords', () => {
  it('go to the keychain and nowhere else', async () => {
    const secrets = new Map<string, string>();
    const { credentials, fallback, told } = setUp(() => keychainWith(secrets));
    await credentials.set('account', 'secret');
    expect([...secrets]).toEqual([['account', 'secret']]);
    expect(fallback.secrets.size).toBe(0);
    expect(told).toEqual([]);
    expect(await credentials.get('account')).toBe('secret');
  });

  it('leave nothing of the probe in the keychain', async () => {
    const secrets = new Map<string, string>();
    const { credentials } = setUp(() => keychainWith(secrets));
    await credentials.get('account');
    expect(secrets.size).toBe(0);
  });

  it('go to VS Code where the library does not load, and the user is told why', async () => {
    const { credentials, fallback, told } = setUp(() => {
      throw new Error('libsecret-1.so.0: cannot open shared object file');
    });
    await credentials.set('account', 'secret');
    expect(fallback.secrets.get('account')).toBe('secret');
    expect(await credentials.get('account')).toBe('secret');
    expect(told).toEqual(['libsecret-1.so.0: cannot open shared object file']);
  });

  it('go to VS Code where the keychain is locked: it answers a read with nothing, as if there were none', async () => {
    const locked = keychainWith(new Map(), { setPassword: async () => undefined });
    const { credentials, fallback, told } = setUp(() => locked);
    await credentials.set('account', 'secret');
    expect(fallback.secrets.get('account')).toBe('secret');
    expect(told).toEqual(['The keychain is locked, or does not keep what it is given.']);
  });

  it('go to VS Code where the keychain never answers, once its time is over', async () => {
    const silent = keychainWith(new Map(), { setPassword: () => new Promise(() => undefined) });
    const { credentials, fallback, told, clock } = setUp(() => silent);
    const stored = credentials.set('account', 'secret');
    expect(clock.pending()).toEqual([keychainLimit]);
    clock.advance(keychainLimit);
    await stored;
    expect(fallback.secrets.get('account')).toBe('secret');
    expect(told).toEqual(['The keychain did not answer within 15 seconds.']);
  });

  it('ask the keychain once whether it works, however many ask', async () => {
    let opened = 0;
    const { credentials } = setUp(() => {
      opened++;
      return keychainWith(new Map());
    });
    await Promise.all([credentials.get('a'), credentials.get('b'), credentials.set('c', 'd')]);
    expect(opened).toBe(1);
  });

  it('that were kept while there was no keychain are still found, and move when they are set again', async () => {
    const secrets = new Map<string, string>();
    const { credentials, fallback } = setUp(() => keychainWith(secrets));
    fallback.secrets.set('account', 'old');
    expect(await credentials.get('account')).toBe('old');
    await credentials.set('account', 'new');
    expect(fallback.secrets.size).toBe(0);
    expect(secrets.get('account')).toBe('new');
  });

  it('that were given while the keychain was away count from then on, until it takes another', async () => {
    const keychain = keychainWith(new Map());
    const { credentials, fallback } = setUp(() => keychain);
    await credentials.set('account', 'old');
    const meanwhile = setUp(() => keychainWith(new Map(), { setPassword: async () => undefined }), fallback);
    await meanwhile.credentials.set('account', 'new');
    const later = setUp(() => keychain, fallback);
    expect(await later.credentials.get('account')).toBe('new');
    await later.credentials.set('account', 'newest');
    expect(await setUp(() => keychain, fallback).credentials.get('account')).toBe('newest');
  });

  it('are read from the keychain where VS Code’s own storage fails', async () => {
    const { credentials, fallback } = setUp(() => keychainWith(new Map([['account', 'secret']])));
    fallback.get = () => Promise.reject(new Error('It cannot be decrypted.'));
    expect(await credentials.get('account')).toBe('secret');
  });

  it('that are empty need no keychain, and hide no older one', async () => {
    const secrets = new Map([['account', 'old']]);
    const { credentials, told } = setUp(() => keychainWith(secrets));
    await credentials.set('account', '');
    expect(await credentials.get('account')).toBe('');
    expect([secrets.size, told.length]).toEqual([0, 0]);
  });

  it('are removed from wherever they are', async () => {
    const secrets = new Map([['account', 'secret']]);
    const { credentials, fallback } = setUp(() => keychainWith(secrets));
    fallback.secrets.set('account', 'secret');
    await credentials.delete('account');
    expect([...secrets, ...fallback.secrets]).toEqual([]);
  });
});
