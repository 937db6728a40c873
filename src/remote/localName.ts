export type LocalPlatform = 'posix' | 'win32';

/** Device names that Windows sees whatever follows the first dot. */
const windowsDevices = /^(?:con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³]|conin\$|conout\$)$/i;
const refusedByWindows = '<>:"|?*';

/**
 * Whether a name that a server gave can become the name of a local file, and can lead nowhere else. A backslash is
 * refused everywhere, so that a folder downloaded on one computer can be copied to another. C-46
 */
export function isSafeLocalName(name: string, platform: LocalPlatform): boolean {
  if (name === '' || name === '.' || name === '..') return false;
  const characters = name.split('');
  if (characters.some((character) => character === '/' || character === '\\' || character < ' '))
    return false;
  if (platform === 'posix') return true;
  const [stem = ''] = name.split('.');
  if (name.endsWith('.') || name.endsWith(' ') || windowsDevices.test(stem.trimEnd())) return false;
  return !characters.some((character) => refusedByWindows.includes(character));
}

export function localPlatform(): LocalPlatform {
  return process.platform === 'win32' ? 'win32' : 'posix';
}
