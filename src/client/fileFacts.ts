import type { Entry } from '../protocol/entry.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { parseMlst } from '../protocol/mlsd.ts';
import { type Reply, replyClass } from '../protocol/reply.ts';
import { parseTimestamp } from '../protocol/timestamp.ts';
import { firstLine, FtpsError, refusal } from './errors.ts';
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
  if (replyClass(directory.code) === 'completion') {
    session.directory = path;
    return { name: baseName(path), type: 'directory' };
  }
  return factsOf(path, size, time) ?? absentAfter(path, [size, time]);
}

/**
 * What is told of a file that is known to be one: by MLST, else by SIZE and MDTM; all questions leave within the call.
 * @returns undefined when the server tells nothing. @throws FtpsError `closed` when it ends the session
 */
export async function describeFile({ control, features }: Session, path: string): Promise<Entry | undefined> {
  const hasMlst = features.has('MLST');
  const [description, size, time] = await Promise.all([
    hasMlst ? control.send('MLST', path) : undefined,
    hasMlst && features.mlstFacts().includes('size') ? undefined : control.send('SIZE', path),
    hasMlst ? undefined : control.send('MDTM', path),
  ]);
  const end = [description, size, time].find((reply) => reply?.code === 421);
  if (end) throw refusal('command', `to describe ${path}`, end);
  const file = factsOf(path, size, time);
  const facts = description?.code === 250 ? factsOfMlst(description, path) : undefined;
  return facts === undefined ? file : { ...file, ...facts };
}

/** What makes no sense tells nothing. */
function factsOfMlst(reply: Reply, path: string): Entry | undefined {
  try {
    return { ...parseMlst(reply), name: baseName(path) };
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function factsOf(path: string, size: Reply | undefined, time: Reply | undefined): Entry | undefined {
  const bytes = size && sizeOf(size);
  const modifiedAt = time && timeOf(time);
  if (bytes === undefined && modifiedAt === undefined) return undefined;
  return {
    name: baseName(path),
    type: 'file',
    ...(bytes === undefined ? {} : { size: bytes }),
    ...(modifiedAt === undefined ? {} : { modifiedAt, modifiedPrecision: 'second' as const }),
  };
}

/** Bytes, by the answer to SIZE; undefined when the server cannot tell. RFC 3659 §4, C-41 */
export function sizeOf(reply: Reply): number | undefined {
  const text = reply.code === 213 ? firstLine(reply).trim() : '';
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Milliseconds since the epoch, UTC, by the answer to MDTM; undefined when the server cannot tell. RFC 3659 §3, C-43 */
export function timeOf(reply: Reply): number | undefined {
  return reply.code === 213 ? parseTimestamp(firstLine(reply).trim()) : undefined;
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
