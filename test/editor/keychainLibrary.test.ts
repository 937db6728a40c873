import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadKeychain, prebuiltFolder, thisMachine } from '../../src/editor/keychainLibrary.ts';

const prebuilds = join(import.meta.dirname, '../../node_modules/keytar/prebuilds');

describe('the keychain library', () => {
  it.each([
    ['linux', 'x64', true, 'linux-x64'],
    ['linux', 'arm64', true, 'linux-arm64'],
    ['linux', 'ia32', true, 'linux-ia32'],
    ['linux', 'arm', true, 'linux-armv7l'],
    ['linux', 'x64', false, 'linuxmusl-x64'],
    ['darwin', 'arm64', true, 'darwin-arm64'],
    ['darwin', 'x64', true, 'darwin-x64'],
    ['win32', 'x64', true, 'win32-x64'],
    ['win32', 'arm64', true, 'win32-arm64'],
    ['win32', 'ia32', true, 'win32-ia32'],
  ])('for %s/%s (glibc %s) lies in %s', (platform, arch, glibc, folder) => {
    expect(prebuiltFolder({ platform, arch, glibc })).toBe(folder);
    expect(existsSync(join(prebuilds, folder, 'keytar.node'))).toBe(true);
  });

  it.each([
    ['linux', 'arm64', false],
    ['linux', 'arm', false],
    ['linux', 'riscv64', true],
    ['freebsd', 'x64', true],
  ])(
    'for %s/%s (glibc %s) does not exist, whatever the package has under that name',
    (platform, arch, glibc) => {
      expect(prebuiltFolder({ platform, arch, glibc })).toBeUndefined();
      expect(() => loadKeychain(prebuilds, { platform, arch, glibc })).toThrow(`${platform}/${arch}`);
    },
  );

  it('says why it does not load', () => {
    expect(() => loadKeychain('/nowhere')).toThrow(/nowhere/);
  });

  it('tells this machine apart', () => {
    expect(thisMachine()).toMatchObject({ platform: process.platform, arch: process.arch });
  });
});
