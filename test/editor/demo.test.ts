import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Credentials } from '../../src/editor/credentials.ts';
import { adoptDemo } from '../../src/editor/demo.ts';
import { credentialAccount } from '../../src/remote/profile.ts';
import { ConnectionHarness, profileOf } from './support/connectionHarness.ts';
import { MemoryStore } from './support/memoryStore.ts';

const demo = {
  profile: 'demo',
  host: '127.0.0.1',
  port: 2121,
  security: 'explicit',
  user: 'demo',
  password: 'secret',
  fingerprint: 'AA:BB',
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function adopt(content: unknown) {
  const file = join(folder, 'demo.json');
  writeFileSync(file, JSON.stringify(content));
  const secrets = new MemoryStore();
  const { trust } = new ConnectionHarness();
  const credentials = new Credentials({
    openKeychain: () => {
      throw new Error('none');
    },
    secrets,
    announceFallback: () => undefined,
  });
  await adoptDemo(file, credentials, trust);
  return { secrets, trust };
}

describe('a server that was started together with this VS Code', () => {
  it('needs neither password nor question', async () => {
    const { secrets, trust } = await adopt(demo);
    const profile = profileOf({ host: '127.0.0.1', port: 2121, user: 'demo' });
    expect(secrets.secrets.get(credentialAccount(profile))).toBe('secret');
    expect(trust.pin(profile)).toBe('AA:BB');
  });

  it.each([{}, null, { ...demo, host: 7 }, { ...demo, password: undefined }])(
    'is refused when it says %j',
    async (content) => {
      await expect(adopt(content)).rejects.toThrow('demo.json');
    },
  );
});
