import { chmod, mkdir, rename, rmdir, unlink, utimes } from 'node:fs/promises';
import { formatPathname } from '../../protocol/pathname.ts';
import { formatTimestamp, parseTimestamp } from '../../protocol/timestamp.ts';
import { errorCode } from '../folderError.ts';
import type { Session } from '../session.ts';
import type { Answer, Command, CommandTable } from './command.ts';

const GONE: Answer = [250, 'Deleted.'];
const UNTELLABLE: Answer = [
  550,
  'The directory is not empty: it holds names that are no lines of UTF-8, and not listed. Delete them on the server itself.',
];

/** A command on the path that it names. */
function onPath(run: (session: Session, path: string) => Promise<Answer>): Command {
  return {
    needsLogin: true,
    needsArgument: true,
    run: (session, argument) => run(session, session.folder.resolve(session.state.directory, argument)),
  };
}

const makeDirectory = onPath(async (session, path) => {
  await mkdir(await session.folder.named(path));
  return [257, `${formatPathname(path)} created.`];
});

const removeDirectory = onPath(async (session, path) => {
  try {
    await rmdir(await session.folder.named(path));
    return GONE;
  } catch (error) {
    const untellable = errorCode(error) === 'ENOTEMPTY' && (await session.folder.holdsUntellable(path));
    if (untellable) return UNTELLABLE;
    throw error;
  }
});

/** What changes files and tells of them without a data connection. RFC 959 §4.1.3, RFC 3659, MFXX */
export const fileCommands: CommandTable = {
  MKD: makeDirectory,
  XMKD: makeDirectory,
  RMD: removeDirectory,
  XRMD: removeDirectory,
  // The link itself, never what it points to.
  DELE: onPath(async (session, path) => {
    await unlink(await session.folder.named(path));
    return GONE;
  }),
  RNFR: onPath(async (session, path) => {
    await session.folder.entry(path);
    session.state.renameFrom = path;
    return [350, 'To what name?'];
  }),
  RNTO: onPath(async (session, path) => {
    const from = session.state.renameFrom;
    if (from === undefined) return [503, 'RNFR comes before RNTO.'];
    if (path.startsWith(`${from}/`)) return [553, 'A directory cannot move into itself.'];
    await rename(await session.folder.named(from), await session.folder.named(path));
    return [250, 'Renamed.'];
  }),
  SIZE: onPath(async (session, path) => {
    const size = await session.folder.size(path);
    // RFC 3659 §4.2: the size of what would be sent; for ASCII nobody knows it before.
    return session.state.type === 'A' ? [550, 'SIZE needs TYPE I.'] : [213, String(size)];
  }),
  MDTM: onPath(async (session, path) => {
    const { mtimeMs } = await session.folder.status(path);
    return [213, formatTimestamp(mtimeMs)];
  }),
  MFMT: {
    needsLogin: true,
    needsArgument: true,
    run: async (session, argument) => {
      const [, stamp = '', name = ''] = /^(\S+) (.+)$/.exec(argument) ?? [];
      const time = parseTimestamp(stamp);
      if (time === undefined) return [501, 'MFMT wants a time and a path.'];
      const path = session.folder.resolve(session.state.directory, name);
      const seconds = new Date(time);
      await utimes(await session.folder.existing(path), seconds, seconds);
      return [213, `Modify=${stamp}; ${name}`];
    },
  },
  SITE: {
    needsLogin: true,
    needsArgument: true,
    run: async (session, argument) => {
      const [, verb = '', rest = ''] = /^(\S+) ?(.*)$/.exec(argument) ?? [];
      if (verb.toUpperCase() === 'HELP') return [214, 'SITE CHMOD mode path'];
      if (verb.toUpperCase() !== 'CHMOD') return [504, 'That SITE command is not known.'];
      const [, mode = '', name = ''] = /^([0-7]{3,4}) (.+)$/.exec(rest) ?? [];
      if (name === '') return [501, 'SITE CHMOD wants an octal mode and a path.'];
      const path = session.folder.resolve(session.state.directory, name);
      await chmod(await session.folder.existing(path), Number.parseInt(mode, 8) & 0o777);
      return [200, 'The mode is changed.'];
    },
  },
  CWD: onPath(changeDirectory),
  XCWD: onPath(changeDirectory),
  CDUP: { needsLogin: true, run: goUp },
  XCUP: { needsLogin: true, run: goUp },
  PWD: { needsLogin: true, run: workingDirectory },
  XPWD: { needsLogin: true, run: workingDirectory },
};

async function changeDirectory(session: Session, path: string): Promise<Answer> {
  const status = await session.folder.status(path);
  if (!status.isDirectory()) return [550, 'Not a directory.'];
  session.state.directory = path;
  return [250, `Now in ${path}`];
}

async function goUp(session: Session): Promise<Answer> {
  return changeDirectory(session, session.folder.resolve(session.state.directory, '..'));
}

function workingDirectory(session: Session): Answer {
  return [257, `${formatPathname(session.state.directory)} is the current directory.`];
}
