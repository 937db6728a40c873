import type { Session } from '../session.ts';
import { type Answer, type CommandTable, UNKNOWN_COMMAND } from './command.ts';

/** S-7: TLS-C and SSL are other words for TLS. [MS-FTPS] 2.2.1 */
const MECHANISMS = new Set(['TLS', 'TLS-C', 'SSL']);
const LARGEST_BUFFER = 2 ** 32 - 1;

/** RFC 2228 and RFC 4217 */
export const securityCommands: CommandTable = {
  AUTH: { run: authenticate },
  PBSZ: {
    run: (session, argument) => {
      if (!session.channel.secured) return [503, 'AUTH comes before PBSZ.'];
      // S-11
      if (!/^\d+$/.test(argument.trim()) || Number(argument) > LARGEST_BUFFER)
        return [501, 'That is no buffer size.'];
      session.state.bufferSizeAgreed = true;
      return [200, 'PBSZ=0'];
    },
  },
  PROT: { run: protect },
  CCC: { run: clearControl },
};

/** S-26. RFC 4217 §5 */
async function clearControl(session: Session): Promise<Answer | undefined> {
  const { clearControl: policy } = session.settings;
  if (policy === 'off') return UNKNOWN_COMMAND;
  if (!session.channel.secured) return [533, 'The control connection is not protected.'];
  // S-3: always refused on implicit, as by policy. [MS-FTPS] 3.2.5.2
  if (session.implicit || policy === 'forbidden') return [534, 'The control connection stays protected.'];
  // The reply travels inside TLS, which is taken off behind it.
  await session.reply([200, 'The control connection becomes clear.']);
  await session.clear();
  return undefined;
}

async function authenticate(session: Session, argument: string): Promise<Answer | undefined> {
  const mechanism = argument.trim().toUpperCase();
  // S-2
  if (session.channel.secured) return [503, 'The connection is protected already.'];
  if (mechanism === '') return [501, 'AUTH wants a mechanism.'];
  if (!MECHANISMS.has(mechanism)) return [504, 'That mechanism is not known here.'];
  if (session.settings.auth === 'unavailable') return [431, 'TLS is not available at present.'];
  if (session.settings.auth === 'forbidden') return [534, 'TLS is not allowed here.'];
  // S-8: 234 and nothing else; whatever came in clear behind the command was not sent by a peer under TLS.
  session.channel.discard();
  await session.reply([234, 'Start TLS.']);
  const refused = await session.secure();
  if (refused) session.leave();
  return refused;
}

/** S-12 */
function protect(session: Session, argument: string): Answer {
  if (!session.channel.secured) return [503, 'AUTH comes before PROT.'];
  if (!session.state.bufferSizeAgreed) return [503, 'PBSZ comes before PROT.'];
  const level = argument.trim().toUpperCase();
  switch (level) {
    case '':
      return [501, 'PROT wants a level.'];
    case 'C':
      if (session.settings.requireProtection) return [534, 'Data connections have to be protected.'];
      session.state.protection = 'C';
      return [200, 'Data connections are clear.'];
    case 'P':
      session.state.protection = 'P';
      return [200, 'Data connections are private.'];
    case 'S':
    case 'E':
      return [536, 'TLS has no such level; use P.'];
    default:
      return [504, 'That level is not known.'];
  }
}
