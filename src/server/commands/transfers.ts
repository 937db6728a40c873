import { constants } from 'node:fs';
import { posix } from 'node:path';
import type { DataConnection } from '../dataConnection.ts';
import { fromWire, toWire } from '../lineEnds.ts';
import type { Session } from '../session.ts';
import { refusal, transfer } from '../transfer.ts';
import type { Answer, CommandTable } from './command.ts';

const DONE: Answer = [226, 'The transfer is complete.'];
const BROKEN: Answer = [426, 'The data connection ended without close_notify; the file is incomplete.'];

/** Whole files over a data connection. RFC 959 §4.1.3, RFC 3659 §5 */
export const transferCommands: CommandTable = {
  RETR: { needsLogin: true, needsArgument: true, run: retrieve },
  STOR: {
    needsLogin: true,
    needsArgument: true,
    run: (session, argument) => {
      const path = session.folder.resolve(session.state.directory, argument);
      return store(session, path, session.state.restart > 0 ? 'restarted' : 'new');
    },
  },
  APPE: {
    needsLogin: true,
    needsArgument: true,
    run: (session, argument) =>
      store(session, session.folder.resolve(session.state.directory, argument), 'appended'),
  },
  STOU: {
    needsLogin: true,
    run: (session) =>
      session.folder.withFreeName(session.state.directory, (path) => store(session, path, 'unique')),
  },
  REST: {
    needsLogin: true,
    run: (session, argument) => {
      const offset = Number(argument);
      if (!/^\d+$/.test(argument) || !Number.isSafeInteger(offset))
        return [501, 'REST wants an offset in bytes.'];
      if (session.state.type === 'A' && offset > 0) return [501, 'REST needs TYPE I.'];
      session.state.restart = offset;
      return [350, `The next transfer starts at ${offset}.`];
    },
  },
  ABOR: { needsLogin: true, run: () => [225, 'No transfer is running.'] },
  ALLO: { needsLogin: true, run: () => [202, 'Nothing has to be allocated.'] },
};

async function retrieve(session: Session, argument: string): Promise<Answer> {
  const refused = refusal(session);
  if (refused) return refused;
  const path = session.folder.resolve(session.state.directory, argument);
  const start = session.state.restart;
  const size = await session.folder.size(path);
  if (start > size) return [554, 'The file ends before that offset.'];
  return transfer(session, {
    direction: 'send',
    announcement: `Sending ${size - start} bytes.`,
    run: async (connection, signal) => {
      await using handle = await session.folder.openToRead(path);
      const source = handle.createReadStream({ start });
      const conversions = session.state.type === 'A' ? [toWire()] : [];
      await connection.send(source, conversions, signal);
      return DONE;
    },
  });
}

/** How an upload meets what is there already. */
type Manner = 'new' | 'restarted' | 'appended' | 'unique';

async function store(session: Session, path: string, manner: Manner): Promise<Answer> {
  const refused = refusal(session);
  if (refused) return refused;
  // What can be known before the data connection is told in place of 150.
  await session.folder.writable(path);
  const start = session.state.restart;
  if (manner === 'restarted' && (await session.folder.size(path)) < start)
    return [554, 'The file ends before that offset.'];
  return transfer(session, {
    direction: 'receive',
    announcement: manner === 'unique' ? `FILE: ${posix.basename(path)}` : 'Send the bytes.',
    run: (connection, signal) => receiveInto(session, connection, path, manner, start, signal),
  });
}

async function receiveInto(
  session: Session,
  connection: DataConnection,
  path: string,
  manner: Manner,
  start: number,
  signal: AbortSignal,
): Promise<Answer> {
  let complete = false;
  await using upload = await session.folder.openToWrite(path, FLAGS[manner]);
  try {
    if (manner === 'new') await upload.handle.truncate();
    const sink = upload.handle.createWriteStream(manner === 'restarted' ? { start } : {});
    const conversions = session.state.type === 'A' ? [fromWire()] : [];
    complete = (await connection.receive(sink, conversions, signal)) === 'complete';
    return complete ? DONE : BROKEN;
  } finally {
    // S-25: what is kept can be continued; what cannot be told from a whole file is not kept.
    const deletes =
      session.settings.truncatedUpload === 'delete' && (manner === 'new' || manner === 'unique');
    if (!complete && deletes) upload.discard();
  }
}

const { O_APPEND, O_CREAT, O_EXCL } = constants;
const FLAGS: Readonly<Record<Manner, number>> = {
  new: O_CREAT,
  restarted: 0,
  appended: O_CREAT | O_APPEND,
  unique: O_CREAT | O_EXCL,
};
