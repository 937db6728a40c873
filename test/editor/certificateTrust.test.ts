import { describe, expect, it } from 'vitest';
import { CertificateTrust } from '../../src/editor/certificateTrust.ts';

function setUp() {
  const memory = new Map<string, unknown>();
  const trust = new CertificateTrust({
    get: (key) => memory.get(key),
    update: async (key, value) => void memory.set(key, value),
  });
  return { memory, trust };
}

describe('trust', () => {
  it('is for one host and port', async () => {
    const { trust } = setUp();
    await trust.trust({ host: 'Ftp.Example.com', port: 21 }, 'AA:BB');
    expect(trust.pin({ host: 'ftp.example.com', port: 21 })).toBe('AA:BB');
    expect(trust.pin({ host: 'ftp.example.com', port: 990 })).toBeUndefined();
    expect(trust.pin({ host: 'www.example.com', port: 21 })).toBeUndefined();
  });

  it('in a certificate is none in a connection without encryption', async () => {
    const { trust } = setUp();
    await trust.trust({ host: 'a', port: 21 }, 'AA:BB');
    expect(trust.allowsClearText({ host: 'a', port: 21 })).toBe(false);
    await trust.allowClearText({ host: 'a', port: 21 });
    expect(trust.allowsClearText({ host: 'a', port: 21 })).toBe(true);
  });

  it('can be taken back', async () => {
    const { trust } = setUp();
    await trust.trust({ host: 'a', port: 21 }, 'AA:BB');
    await trust.allowClearText({ host: 'a', port: 21 });
    await trust.forget({ host: 'a', port: 21 });
    expect(trust.pin({ host: 'a', port: 21 })).toBeUndefined();
    expect(trust.allowsClearText({ host: 'a', port: 21 })).toBe(false);
  });

  it.each([[42], [null], [{ fingerprint: 'AA' }]])('is not read from a memory that holds %j', (kept) => {
    const { memory, trust } = setUp();
    memory.set('pin:a:21', kept);
    expect(trust.pin({ host: 'a', port: 21 })).toBeUndefined();
  });
});
