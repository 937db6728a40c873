import { breaksLine } from './printable.ts';
import type { Reply } from './reply.ts';

/**
 * The name that a server has chosen for the file of a STOU, as its 125, 150, 226 or 250 tells it, or undefined where
 * this reply tells none. RFC 1123 §4.1.2.9 has "FILE: name"; older servers say "(unique file name:name)" or put the
 * name in quotes. C-42
 */
export function parseUniqueName(reply: Reply): string | undefined {
  if (![125, 150, 226, 250].includes(reply.code)) return undefined;
  const name = reply.lines.map(nameIn).find((found) => found !== undefined);
  return name === undefined || breaksLine(name) ? undefined : name;
}

function nameIn(line: string): string | undefined {
  const told = /(?:^|[\s(-])FILE: ?(.*)$/s.exec(line)?.[1] ?? /unique file name: ?([^)]*)/i.exec(line)?.[1];
  const text = told?.trim() ?? line;
  if (told !== undefined && !text.startsWith('"')) return text === '' ? undefined : text;
  const quoted = text.slice(Math.max(text.indexOf('"'), 0));
  return /^"((?:[^"]|"")+)"(?!")/.exec(quoted)?.[1]?.replaceAll('""', '"');
}
