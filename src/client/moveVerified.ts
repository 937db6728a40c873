import type { Entry } from '../protocol/entry.ts';
import { type Reply, replyClass } from '../protocol/reply.ts';
import { changeMode } from './changeMode.ts';
import { aborted, asFtpsError, type FtpsError, refusal, unlessEnded } from './errors.ts';
import { describeFile } from './fileFacts.ts';
import { hashFile, type RemoteHash } from './fileHash.ts';
import { type PathStatus, readPathStatus } from './pathStatus.ts';
import type { Session } from './session.ts';

/** What the server tells of an uploaded file before that gets its name. */
export interface UploadedFile {
  /** By MLST, else by SIZE and MDTM; undefined where the server tells nothing of it. */
  readonly facts: Entry | undefined;
  /** Undefined where none was asked for, or the server computes none. */
  readonly hash: RemoteHash | undefined;
  /** Whether SITE CHMOD was obeyed; undefined where no mode was asked for. */
  readonly modeIsSet: boolean | undefined;
  /** Undefined where STAT was not asked for. */
  readonly status: PathStatus | undefined;
  /** What has the target's name; undefined where it was not asked for, nothing has it, or the server does not tell. */
  readonly replaced: Entry | undefined;
}

export interface VerifiedMove {
  /** Whether the file is what was uploaded; nothing is renamed where it is not. It must not wait for the session. */
  readonly verify: (uploaded: UploadedFile) => boolean;
  /** Permission bits that the file gets first, such as 0o644. */
  readonly mode?: number | undefined;
  /** Whether its hash is asked for too. */
  readonly hash?: boolean | undefined;
  /** Whether STAT is asked too, which may tell an owner where nothing else does. */
  readonly status?: boolean | undefined;
  /** Whether it is asked what has the target's name. */
  readonly replaced?: boolean | undefined;
}

/**
 * `moved`: the target is the file, and described where the server describes it. `unverified`: `verify` said no, and
 * nothing was renamed. `refused`: neither, by the server. `unknown`: the connection was lost while the server was
 * renaming, so that only another session can tell.
 */
export type MoveOutcome =
  | { readonly kind: 'moved'; readonly uploaded: UploadedFile; readonly target: Entry | undefined }
  | { readonly kind: 'unverified'; readonly uploaded: UploadedFile }
  | { readonly kind: 'refused' | 'unknown'; readonly uploaded: UploadedFile; readonly error: FtpsError };

/**
 * Renames a file once what the server tells of it is right, in two round trips: CHMOD, the questions and RNFR leave in
 * one flight, RNTO and the question what the target is now in another. Must be alone on the session, for nothing may
 * come between RNFR and RNTO (RFC 959 §4.1.3).
 * @param onCommit called when RNTO is about to leave: from there on nothing is cancelled
 * @throws FtpsError when nothing was renamed: `aborted`, or the session is lost
 */
export async function moveVerified(
  session: Session,
  from: string,
  to: string,
  { verify, mode, hash = false, status = false, replaced: asksTarget = false }: VerifiedMove,
  onCommit: () => void,
  signal?: AbortSignal,
): Promise<MoveOutcome> {
  const { control } = session;
  control.check('RNFR', from);
  control.check('RNTO', to);
  const changed = mode === undefined ? undefined : changeMode(session, from, mode);
  const questions = [
    describeFile(session, from),
    hash ? hashFile(session, from) : undefined,
    status ? askStatus(session, from) : undefined,
    asksTarget ? describeFile(session, to) : undefined,
  ] as const;
  const named = control.send('RNFR', from);
  const [source, modeIsSet, facts, digest, told, replaced] = await Promise.all([
    named,
    changed,
    ...questions,
  ]);
  if (source.code === 421) throw renameRefusal(from, to, source);
  const uploaded = { facts, hash: digest, modeIsSet, status: told, replaced };
  let isRight = false;
  try {
    isRight = !signal?.aborted && verify(uploaded);
  } finally {
    if (!isRight && source.code === 350) keepName(session, from);
  }
  if (signal?.aborted) throw aborted('command', signal);
  if (!isRight) return { kind: 'unverified', uploaded };
  if (source.code !== 350) return { kind: 'refused', uploaded, error: renameRefusal(from, to, source) };
  onCommit();
  return { uploaded, ...(await giveName(session, from, to)) };
}

async function askStatus({ control, clock }: Session, path: string): Promise<PathStatus> {
  const reply = unlessEnded(await control.send('STAT', path), `to describe ${path} (STAT)`);
  return readPathStatus(reply, path, clock.now());
}

async function giveName(session: Session, from: string, to: string) {
  try {
    const renamed = session.control.send('RNTO', to);
    // Lost with the connection, it changes nothing about a rename that was answered.
    const described = describeFile(session, to).catch(() => undefined);
    const reply = await renamed;
    if (isDone(reply)) return { kind: 'moved', target: await described } as const;
    const kind = reply.code === 421 ? 'unknown' : 'refused';
    await described;
    return { kind, error: renameRefusal(from, to, reply) } as const;
  } catch (error) {
    return { kind: 'unknown', error: asFtpsError(error, 'command', 'a file was renamed') } as const;
  }
}

/**
 * ProFTPD refuses all that is not RNTO until RNTO comes, and others the next command: so the file keeps its own name by
 * it, and whatever that is answered, the next command is one like any other.
 */
function keepName({ control }: Session, from: string): void {
  control.send('RNTO', from).catch(() => {});
}

function renameRefusal(from: string, to: string, reply: Reply): FtpsError {
  return refusal('command', `to rename ${from} to ${to}`, reply);
}

function isDone(reply: Reply): boolean {
  return replyClass(reply.code) === 'completion';
}
