import { parseDosLine } from '../protocol/dosListing.ts';
import type { Entry } from '../protocol/entry.ts';
import { type Reply, replyClass } from '../protocol/reply.ts';
import { parseUnixLine } from '../protocol/unixListing.ts';

/** What STAT tells of one path. */
export interface PathStatus {
  /** Undefined where the answer does not describe the path. */
  readonly entry: Entry | undefined;
  /** False where the server has no such command. */
  readonly isUnderstood: boolean;
}

/** RFC 959 §4.2.1 */
const unknownCommand: ReadonlySet<number> = new Set([202, 500, 501, 502, 503, 504]);

/**
 * Reads the answer to STAT with a path: the line of LIST for it, which tells links, owners and permissions, without a
 * data connection. RFC 959 §4.1.3
 *
 * Servers take wildcards and options out of the argument, and list a folder instead of describing it: only the one line
 * that names the path itself counts.
 * @param now milliseconds since the epoch, for times without a year
 */
export function readPathStatus(reply: Reply, path: string, now: number): PathStatus {
  const isUnderstood = !unknownCommand.has(reply.code);
  const entry = replyClass(reply.code) === 'completion' ? describedIn(reply, path, now) : undefined;
  return { entry, isUnderstood };
}

function describedIn(reply: Reply, path: string, now: number): Entry | undefined {
  const [line, another] = reply.lines.slice(1, -1).filter((text) => text.trim() !== '');
  if (line === undefined || another !== undefined) return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const read = (text: string): Entry | undefined => parseUnixLine(text, now) ?? parseDosLine(text);
  const [asTold, shortened] = [line.trimStart(), withName(line.trimStart(), path, name)];
  return [read(asTold), read(shortened)].find((entry) => entry?.name === name);
}

/** ProFTPD and Pure-FTPd write the whole path where the name belongs. */
function withName(line: string, path: string, name: string): string {
  const at = line.indexOf(` ${path}`);
  return at < 0 ? line : `${line.slice(0, at)} ${name}${line.slice(at + 1 + path.length)}`;
}
