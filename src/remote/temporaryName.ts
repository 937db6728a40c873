import { randomUUID } from 'node:crypto';

const marker = 'ftps-explorer-';
/** Bytes of UTF-8 that a name may have on the file systems of today, and on most servers. */
const longestName = 255;
/** Longer than any that tells a web server how to treat a file. */
const longestExtension = 32;
const pattern = /^\..*\.ftps-explorer-[0-9a-f]{6,}(?:\.[^.]*)?$/;

/**
 * A name for the unfinished version of a file: hidden, recognisable, and with the file's own extension, because a web
 * server hands out `config.php.tmp` as text but runs `.config.ftps-explorer-a1b2c3.php`.
 */
export function temporaryName(name: string, random: string = randomUUID().slice(0, 8)): string {
  const dot = name.lastIndexOf('.');
  const hasExtension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= longestExtension;
  const stem = (hasExtension ? name.slice(0, dot) : name).replace(/^\.+/, '');
  const end = `.${marker}${random}${hasExtension ? name.slice(dot) : ''}`;
  return `.${shortened(stem, longestName - 1 - Buffer.byteLength(end))}${end}`;
}

/** Cut between two characters. @param most bytes of UTF-8 */
function shortened(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(most));
  return text.slice(0, read);
}

/** Whether a name was made by {@link temporaryName}: what is left of a save that did not finish. */
export function isTemporaryName(name: string): boolean {
  return pattern.test(name);
}
