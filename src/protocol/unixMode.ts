import type { EntryType } from './entry.ts';

/** Reads the nine characters of ls, such as "rwsr-xr-t": permission bits, set-user-id, set-group-id and sticky. */
export function parseMode(text: string): number {
  let mode = 0;
  for (let place = 8; place >= 0; place -= 1) {
    const character = text.charAt(8 - place);
    if (character === '-') continue;
    // An upper-case S or T, and l, mean the special bit without the right to execute.
    if (!'STlL'.includes(character)) mode |= 1 << place;
    if ('sStTlL'.includes(character)) mode |= 0o1000 << (place / 3);
  }
  return mode;
}

const typeLetters: Readonly<Record<EntryType, string>> = {
  file: '-',
  directory: 'd',
  link: 'l',
  unknown: 'p',
};

/** The ten characters of ls. */
export function formatMode(type: EntryType, mode: number): string {
  let text = typeLetters[type];
  for (let place = 8; place >= 0; place -= 1) {
    const isSet = (mode & (1 << place)) !== 0;
    const isSpecial = place % 3 === 0 && (mode & (0o1000 << (place / 3))) !== 0;
    if (isSpecial) {
      const letter = place === 0 ? 't' : 's';
      text += isSet ? letter : letter.toUpperCase();
    } else text += isSet ? 'xwr'.charAt(place % 3) : '-';
  }
  return text;
}
