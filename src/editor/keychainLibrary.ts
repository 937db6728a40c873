import { join } from 'node:path';
import type * as keytar from 'keytar';

/** The part of keytar that is used. Each call may hang: 25 s a D-Bus call, for ever at an unlock prompt. */
export type Keychain = Pick<typeof keytar, 'getPassword' | 'setPassword' | 'deletePassword'>;

/** What decides which prebuilt library fits. `glibc`: the C library is glibc (Linux only). */
export interface Machine {
  readonly platform: string;
  readonly arch: string;
  readonly glibc: boolean;
}

/**
 * The folder under `prebuilds` with the library for this machine, undefined where there is none. The package
 * mislabels some: `linux-arm` is aarch64 (`linux-armv7l` is the 32-bit one), and each `linuxmusl-*` is x86-64.
 */
export function prebuiltFolder({ platform, arch, glibc }: Machine): string | undefined {
  switch (platform) {
    case 'darwin':
      return arch === 'x64' || arch === 'arm64' ? `darwin-${arch}` : undefined;
    case 'win32':
      return arch === 'x64' || arch === 'arm64' || arch === 'ia32' ? `win32-${arch}` : undefined;
    case 'linux':
      if (!glibc) return arch === 'x64' ? 'linuxmusl-x64' : undefined;
      if (arch === 'arm') return 'linux-armv7l';
      return arch === 'x64' || arch === 'arm64' || arch === 'ia32' ? `linux-${arch}` : undefined;
    default:
      return undefined;
  }
}

/** Looks at the running process; on Linux its report tells glibc from musl. */
export function thisMachine(): Machine {
  const { platform, arch } = process;
  return { platform, arch, glibc: platform !== 'linux' || runsOnGlibc() };
}

/**
 * Loads the native library, without keytar's own loader, which hides why it failed.
 *
 * @throws Error naming the cause, such as a missing libsecret
 */
export function loadKeychain(prebuilds: string, machine = thisMachine()): Keychain {
  const folder = prebuiltFolder(machine);
  if (folder === undefined) {
    throw new Error(`There is no keychain library for ${machine.platform}/${machine.arch}.`);
  }
  const library: { exports: unknown } = { exports: {} };
  process.dlopen(library, join(prebuilds, folder, 'keytar.node'));
  if (!isKeychain(library.exports)) throw new Error('The keychain library lacks its functions.');
  return library.exports;
}

function runsOnGlibc(): boolean {
  const { report } = process;
  if (!report) return true;
  // Without this the report would look up the host name of every open socket.
  Object.assign(report, { excludeNetwork: true });
  const header: unknown = Reflect.get(report.getReport(), 'header');
  return typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header;
}

function isKeychain(value: unknown): value is Keychain {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['getPassword', 'setPassword', 'deletePassword'].every(
      (name) => typeof Reflect.get(value, name) === 'function',
    )
  );
}
