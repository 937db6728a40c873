import { randomUUID } from 'node:crypto';

const marker = 'ftps-explorer-';
const pattern = /^\..*\.ftps-explorer-[0-9a-f]{6,}(?:\.[^.]*)?$/;

/**
 * A name for the unfinished version of a file: hidden, recognisable, and with the file's own extension, because a web
 * server hands out `config.php.tmp` as text but runs `.config.ftps-explorer-a1b2c3.php`.
 */
export function temporaryName(name: string, random: string = randomUUID().slice(0, 8)): string {
  const dot = name.lastIndexOf('.');
  const stem = (dot > 0 ? name.slice(0, dot) : name).replace(/^\.+/, '');
  const extension = dot > 0 ? name.slice(dot) : '';
  return `.${stem}.${marker}${random}${extension}`;
}

/** Whether a name was made by {@link temporaryName}: what is left of a save that did not finish. */
export function isTemporaryName(name: string): boolean {
  return pattern.test(name);
}
