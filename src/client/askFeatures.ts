import { Features } from '../protocol/features.ts';
import type { Reply } from '../protocol/reply.ts';
import { asFtpsError } from './errors.ts';
import { replyInTurn } from './replyInTurn.ts';
import type { Session } from './session.ts';

/** Characters of FEAT that are remembered of a server; no honest list is longer. */
const longestList = 8_192;

/** Facts of MLSD and MLST that are worth asking for, where the server has them and does not send them unasked. */
const wantedFacts: ReadonlySet<string> = new Set([
  'type',
  'size',
  'modify',
  'perm',
  'unique',
  'unix.mode',
  'unix.owner',
  'unix.ownername',
  'unix.group',
  'unix.groupname',
]);

// C-48: what the server could do before the login says nothing about after it, so it is asked here.
export async function askFeatures(session: Session): Promise<void> {
  takeFeatures(session, await session.control.send('FEAT', undefined, { step: 'features' }));
  askFacts(session);
}

/**
 * Goes by what the last login of another session was told, and asks anew without waiting: the answer counts when it
 * comes. Without such a memory it is waited for. C-48
 */
export async function renewFeatures(session: Session): Promise<void> {
  const { traits, control } = session;
  if (traits.features === undefined) return askFeatures(session);
  session.features = Features.parse({ code: 211, lines: traits.features.split('\n') });
  askFacts(session);
  const asked = control.send('FEAT', undefined, { step: 'features', isAhead: true });
  asked
    .then((reply) => takeFeatures(session, reply))
    .catch((cause: unknown) => {
      const error = asFtpsError(cause, 'features', 'the features were asked for');
      // An end that this side has made says nothing about the server; of another, the next login waits for the answer.
      if (error.step !== 'close') traits.features = undefined;
      if (error.kind === 'protocol') traits.loginInOneFlight = false;
      control.destroy(error);
    });
}

function takeFeatures(session: Session, reply: Reply): void {
  const { traits } = session;
  session.features = Features.parse(replyInTurn(session, 'FEAT', reply));
  const told = reply.code === 211 ? reply.lines.join('\n') : '';
  traits.features = told !== '' && told.length <= longestList ? told : undefined;
}

/** C-51: asked without waiting for the answer, which means nothing: the next commands leave in the same flight. */
function askFacts({ control, features }: Session): void {
  const offered = features.mlstFacts('offered').filter((fact) => wantedFacts.has(fact));
  const enabled = new Set(features.mlstFacts('enabled'));
  if (offered.every((fact) => enabled.has(fact))) return;
  control.send('OPTS', `MLST ${offered.join(';')};`, { step: 'features' }).catch(() => {});
}
