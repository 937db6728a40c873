import type { Entry } from '../protocol/entry.ts';
import { parseMlst } from '../protocol/mlsd.ts';
import { type Reply, replyClass } from '../protocol/reply.ts';
import { parseTimestamp } from '../protocol/timestamp.ts';
import { FtpsError, refusal } from './errors.ts';
import type { Session } from './session.ts';

/** What one path is. @returns undefined when the server knows nothing there. @throws FtpsError */
export function probeEntry(session: Session, path: string): Promise<Entry | undefined> {
  return session.features.has('MLST') ? askMlst(session, path) : pieceTogether(session, path);
}

async function askMlst(session: Session, path: string): Promise<Entry | undefined> {
  const reply = await session.control.send('MLST', path);
  if (isAbsence(reply)) return undefined;
  if (reply.code !== 250) throw refusal('command', `to describe ${path} (MLST)`, reply);
  return { ...parseMlst(reply), name: baseName(path) };
}

/** Without MLST three questions leave together: SIZE answers for files, CWD for directories, MDTM for the time. */
async function pieceTogether(session: Session, path: string): Promise<Entry | undefined> {
  const { control } = session;
  const [size, time, directory] = await Promise.all([
    control.send('SIZE', path),
    control.send('MDTM', path),
    control.send('CWD', path),
  ]);
  const name = baseName(path);
  if (replyClass(directory.code) === 'completion') return { name, type: 'directory' };
  const bytes = size.code === 213 ? Number.parseInt(size.lines[0] ?? '', 10) : Number.NaN;
  const modifiedAt = time.code === 213 ? parseTimestamp((time.lines[0] ?? '').trim()) : undefined;
  if (Number.isNaN(bytes) && modifiedAt === undefined) return absentAfter(path, [size, time]);
  return {
    name,
    type: 'file',
    ...(Number.isNaN(bytes) ? {} : { size: bytes }),
    ...(modifiedAt === undefined ? {} : { modifiedAt, modifiedPrecision: 'second' as const }),
  };
}

/** "Not there" only where a server that knows the question says so. */
function absentAfter(path: string, replies: readonly Reply[]): undefined {
  if (replies.some(isAbsence)) return undefined;
  const [reply] = replies.filter(({ code }) => code !== 213);
  throw reply
    ? refusal('command', `to describe ${path} (SIZE, MDTM)`, reply)
    : new FtpsError('protocol', 'command', `The server described ${path} in words that mean nothing.`);
}

function isAbsence(reply: Reply): boolean {
  return reply.code === 550 || reply.code === 450;
}

function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed.slice(trimmed.lastIndexOf('/') + 1) || '/';
}
