import { upperCase } from '../protocol/letterCase.ts';
import type { Reply } from '../protocol/reply.ts';
import { FtpsError } from './errors.ts';
import type { Session } from './session.ts';

/** Commands that change what the client keeps in step with the server, or need a data connection. */
const reserved: ReadonlySet<string> = new Set(
  (
    'ABOR ACCT ADAT ALLO APPE AUTH CCC CONF ENC EPRT EPSV HOST LIST MIC MLSD MODE NLST PASS PASV PBSZ PORT PROT QUIT ' +
    'REIN REST RETR RNFR RNTO STOR STOU STRU TYPE USER'
  ).split(' '),
);

interface RawCommand {
  /** In upper case. */
  readonly verb: string;
  readonly argument: string | undefined;
}

/**
 * A whole command as the user writes it, such as "SITE UMASK 022".
 * @throws FtpsError `unsupported` for AUTH and CCC on an implicit connection, `invalidArgument` for what has a method
 */
export function splitCommand(session: Pick<Session, 'options'>, line: string): RawCommand {
  const [, word = '', argument] = /^(\S*)(?: (.*))?$/s.exec(line) ?? [];
  const verb = upperCase(word);
  refuseOnImplicit(session, verb);
  if (!/^[A-Z]{3,8}$/.test(verb) || reserved.has(verb)) {
    const message = `${verb === '' ? 'Nothing' : JSON.stringify(verb)} cannot be said as a command of one's own.`;
    throw new FtpsError('invalidArgument', 'command', message);
  }
  return { verb, argument };
}

/** Says a whole command. @throws FtpsError as `splitCommand` does */
export async function sayRawCommand(session: Session, line: string): Promise<Reply> {
  const { verb, argument } = splitCommand(session, line);
  return session.control.send(verb, argument);
}

/** C-4: MS-FTPS §3.1.5.2 and §3.1.5.6: the server would always reject them. */
export function refuseOnImplicit({ options }: Pick<Session, 'options'>, verb: string): void {
  if (options.security !== 'implicit' || (verb !== 'AUTH' && verb !== 'CCC')) return;
  const message = `${verb} was not sent: a connection that is implicitly secured stays secured.`;
  throw new FtpsError('unsupported', 'command', message);
}
