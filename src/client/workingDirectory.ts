import { parsePathname } from '../protocol/pathname.ts';
import { refusal } from './errors.ts';
import type { Session } from './session.ts';

/** PWD. RFC 959 §5.4 @throws FtpsError; ProtocolError for an answer that names none */
export async function askWorkingDirectory({ control }: Session): Promise<string> {
  const reply = await control.send('PWD');
  if (reply.code !== 257) throw refusal('command', 'to name the working directory (PWD)', reply);
  return parsePathname(reply);
}
