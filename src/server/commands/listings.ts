import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { formatDosLine } from '../../protocol/dosListing.ts';
import type { Entry } from '../../protocol/entry.ts';
import { isSafeName } from '../../protocol/listing.ts';
import { formatMlsdLine } from '../../protocol/mlsd.ts';
import { breaksLine } from '../../protocol/printable.ts';
import { formatUnixLine } from '../../protocol/unixListing.ts';
import type { Session } from '../session.ts';
import { refusal, transfer } from '../transfer.ts';
import type { Answer, CommandTable } from './command.ts';

/** RFC 3659 §7.1 */
const NO_DIRECTORY: Answer = [501, 'MLSD is for directories; use MLST.'];

/** Directories, over a data connection or in a reply. RFC 959 §4.1.3, RFC 3659 §7 */
export const listingCommands: CommandTable = {
  LIST: {
    needsLogin: true,
    run: (session, argument) => list(session, withoutFlags(argument), lineFormat(session)),
  },
  NLST: {
    needsLogin: true,
    run: (session, argument) => list(session, withoutFlags(argument), (entry) => entry.name),
  },
  MLSD: {
    needsLogin: true,
    run: async (session, argument) => {
      const refused = refusal(session);
      if (refused) return refused;
      const path = session.folder.resolve(session.state.directory, argument);
      if (!(await session.folder.status(path)).isDirectory()) return NO_DIRECTORY;
      const entries = await session.folder.entries(path);
      return send(
        session,
        tellable(entries).map((entry) => formatMlsdLine(entry, session.state.facts)),
      );
    },
  },
  MLST: {
    needsLogin: true,
    run: async (session, argument) => {
      const path = session.folder.resolve(session.state.directory, argument);
      const entry = { ...(await session.folder.entry(path)), name: path };
      return [250, [`Listing ${path}`, ` ${formatMlsdLine(entry, session.state.facts)}`, 'End']];
    },
  },
  STAT: {
    run: async (session, argument) => {
      if (argument.trim() === '') return [211, status(session)];
      if (!session.state.loggedIn) return [530, 'Log in with USER and PASS first.'];
      const path = session.folder.resolve(session.state.directory, withoutFlags(argument));
      const format = lineFormat(session);
      const lines = tellable(await entriesOf(session, path)).map((entry) => format(entry));
      return [213, [`Status of ${path}`, ...lines.map((line) => ` ${line}`), 'End']];
    },
  },
};

async function list(session: Session, argument: string, format: (entry: Entry) => string): Promise<Answer> {
  const refused = refusal(session);
  if (refused) return refused;
  const path = session.folder.resolve(session.state.directory, argument);
  return send(
    session,
    tellable(await entriesOf(session, path)).map((entry) => format(entry)),
  );
}

function send(session: Session, lines: readonly string[]): Promise<Answer> {
  return transfer(session, {
    direction: 'send',
    announcement: `Sending ${lines.length} entries.`,
    run: async (connection, signal) => {
      const bytes = Buffer.from(lines.map((line) => `${line}\r\n`).join(''));
      const source = Readable.from(bytes.length === 0 ? [] : [bytes]);
      await connection.send(source, [], signal);
      return [226, `${lines.length} entries sent.`];
    },
  });
}

/** What a directory holds; for anything else, that one thing. */
async function entriesOf(session: Session, path: string): Promise<readonly Entry[]> {
  const entry = await session.folder.entry(path);
  if (entry.type === 'directory') return session.folder.entries(path);
  try {
    if (entry.type === 'link') return await session.folder.entries(path);
  } catch {
    // A link to a file, to nothing, or out of the root: it is shown as what it is.
  }
  return [{ ...entry, name: posix.basename(path) }];
}

/** What a line can tell: one with a line end in it would be read as two. */
function tellable(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter(
    ({ name, target }) => isSafeName(name) && (target === undefined || !breaksLine(target)),
  );
}

function lineFormat(session: Session): (entry: Entry) => string {
  const now = session.surroundings.clock.now();
  return session.settings.listFormat === 'dos' ? formatDosLine : (entry) => formatUnixLine(entry, now);
}

/** Clients send options of `ls` in front of the path; hidden files are shown anyway. */
function withoutFlags(argument: string): string {
  return argument.replace(/^(?:-[A-Za-z]*(?: |$))+/, '');
}

function status(session: Session): string[] {
  const { state, channel } = session;
  return [
    'Status',
    state.loggedIn ? ` Logged in as ${state.user ?? ''}` : ' Not logged in',
    ` Control connection ${channel.secured ? 'protected' : 'clear'}, data connections ${state.protection}`,
    ` TYPE ${state.type}, MODE S, STRU F`,
    'End',
  ];
}
