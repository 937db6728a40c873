import { Features } from '../protocol/features.ts';
import { replyClass } from '../protocol/reply.ts';
import { FtpsError, quoted, refusal } from './errors.ts';
import { insist } from './insist.ts';
import { splitCommand } from './rawCommand.ts';
import { replyInTurn } from './replyInTurn.ts';
import type { Session } from './session.ts';
import { isUtf8 } from './textCodec.ts';

/** C-13: what the user wants said before AUTH. A refusal of it is logged; what it spoils, fails by itself. */
export async function sayBeforeAuth(session: Session): Promise<void> {
  for (const line of session.options.login?.beforeAuth ?? []) {
    const { verb, argument } = splitCommand(session, line);
    const reply = await session.control.send(verb, argument);
    if (verb === 'FEAT') session.features = Features.parse(reply);
    if (reply.code === 421) throw refusal('auth', verb, reply);
  }
}

// C-50
export async function nameHost(session: Session): Promise<void> {
  const { virtualHost } = session.options;
  if (virtualHost === undefined) return;
  const reply = await session.control.send('HOST', virtualHost, { step: 'login' });
  if (reply.code < 400 || reply.code === 500 || reply.code === 502) return;
  const message = `The server has no host ${virtualHost}: ${quoted(reply)}. Check "virtualHost" in the profile.`;
  throw new FtpsError('refused', 'login', message, { reply });
}

// C-51
export async function nameClient(session: Session): Promise<void> {
  const { clientName } = session.options;
  if (clientName !== undefined) await session.control.send('CLNT', clientName, { step: 'features' });
}

// C-49: some servers need to be told, and no answer to it means anything.
export async function askUtf8(session: Session): Promise<void> {
  if (!isUtf8(session.options.encoding)) return;
  replyInTurn(session, 'OPTS', await session.control.send('OPTS', 'UTF8 ON', { step: 'features' }));
}

/** C-41: files would arrive changed without it. */
export async function chooseBinary(session: Session): Promise<void> {
  const reply = replyInTurn(session, 'TYPE', await insist(session, 'TYPE', 'I'));
  if (replyClass(reply.code) === 'completion') return;
  const message = `The server refused to transfer files as they are (TYPE I): ${quoted(reply)}. They would arrive changed, so the connection was given up. Try again, or ask the server's operator.`;
  throw new FtpsError('refused', 'features', message, { reply });
}
