import type { Reply } from '../protocol/reply.ts';
import { FtpsError, quoted } from './errors.ts';
import { adviceFor } from './quirks.ts';
import type { Session } from './session.ts';

/** How servers refuse clear data: vsftpd, FileZilla Server and IIS by 522, 521 and 534 at the transfer, pyftpdlib by 550 at EPSV. */
const refusals: ReadonlySet<number> = new Set([521, 522, 534, 550]);

/**
 * The error for a server that does not assume protected data on its implicit port, with the option that helps. C-5
 * @returns undefined when the level was agreed in words, so that the reply means something else
 */
export function levelRefusal(session: Session, reply: Reply): FtpsError | undefined {
  if (!session.protectionAssumed || !refusals.has(reply.code)) return undefined;
  if (reply.code === 550 && session.data.opened > 0) return undefined;
  const message = `The server refused a data connection: ${quoted(reply)}. ${adviceFor('implicitLevelNotAssumed')}`;
  return new FtpsError('securityRefused', 'dataConnect', message, { reply });
}
