import type { Command, CommandTable } from '../commands/command.ts';
import { errorCode } from '../folderError.ts';

/** The commands that need a data connection. RFC 959 §5.4 */
export const transferVerbs: ReadonlySet<string> = new Set([
  'APPE',
  'LIST',
  'MLSD',
  'NLST',
  'RETR',
  'STOR',
  'STOU',
]);

/** RNTO refuses a name that something has, as some servers do. */
export function withoutOverwriting(sound: CommandTable): CommandTable {
  return replaced(sound, 'RNTO', (rename) => ({
    ...rename,
    run: async (session, argument) => {
      try {
        await session.folder.entry(session.folder.resolve(session.state.directory, argument));
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return rename.run(session, argument);
        throw error;
      }
      return [553, 'The name is taken.'];
    },
  }));
}

/** REIN logs the user out and leaves TLS on, as pyftpdlib does. */
export function withTlsKeptOnRein(sound: CommandTable): CommandTable {
  return replaced(sound, 'REIN', () => ({
    run: (session) => {
      session.reset();
      return [230, 'Ready for another user.'];
    },
  }));
}

function replaced(table: CommandTable, verb: string, by: (sound: Command) => Command): CommandTable {
  return Object.fromEntries(
    Object.entries(table).map(([name, command]) => [name, name === verb ? by(command) : command]),
  );
}
