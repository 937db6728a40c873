import { ProtocolError } from './errors.ts';
import type { Reply } from './reply.ts';

/** The path that a 257 names, its doubled quotes undone. @throws ProtocolError. RFC 959 §5.4, Appendix II */
export function parsePathname(reply: Reply): string {
  if (reply.code !== 257) throw new ProtocolError(`a path was expected, and ${reply.code} came`);
  const text = reply.lines.find((line) => line.includes('"')) ?? reply.lines.join('\n');
  const start = text.indexOf('"');
  // A bare absolute path, as some devices send it, is understood where it cannot be anything else.
  if (start < 0 && /^\/\S*$/.test(text.trim())) return text.trim();
  const quoted = text.slice(Math.max(start, 0));
  // C-47: two quotes in a row are one of the path's own; a single one ends it.
  const [whole = '', path = ''] = /^"((?:[^"]|"")*)"(?!")/.exec(quoted) ?? [];
  // Pure-FTPd doubles nothing: a word right behind the quote tells that the path has not ended there.
  const rest = quoted.slice(whole.length);
  const isPlain = whole !== '' && /^[\p{L}\p{N}_]/u.test(rest) && rest.includes('"');
  if (isPlain) return quoted.slice(1, quoted.lastIndexOf('"'));
  if (path === '') throw new ProtocolError('the reply names no path in quotes');
  return path.replaceAll('""', '"');
}

/** The path in quotes, its own quotes doubled. */
export function formatPathname(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
