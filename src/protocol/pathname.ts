import { ProtocolError } from './errors.ts';
import type { Reply } from './reply.ts';

/** The path that a 257 names, its doubled quotes undone. @throws ProtocolError. RFC 959 §5.4, Appendix II */
export function parsePathname(reply: Reply): string {
  if (reply.code !== 257) throw new ProtocolError(`a path was expected, and ${reply.code} came`);
  const text = reply.lines.find((line) => line.includes('"')) ?? reply.lines.join('\n');
  const start = text.indexOf('"');
  // A bare absolute path, as some devices send it, is understood where it cannot be anything else.
  if (start < 0 && /^\/\S*$/.test(text.trim())) return text.trim();
  // C-47: two quotes in a row are one of the path's own; a single one ends it.
  const quoted = /^"((?:[^"]|"")*)"(?!")/.exec(text.slice(Math.max(start, 0)))?.[1];
  if (quoted === undefined || quoted === '') throw new ProtocolError('the reply names no path in quotes');
  return quoted.replaceAll('""', '"');
}

/** The path in quotes, its own quotes doubled. */
export function formatPathname(path: string): string {
  return `"${path.replaceAll('"', '""')}"`;
}
