import { RemoteError } from '../remote/errors.ts';
import { type PlanStep, settle } from './planStep.ts';

/** What is to be carried over is not there, and nobody has said that the other one is to be deleted then. */
export class SourceMissing extends RemoteError {
  readonly side: 'local' | 'remote';

  constructor(path: string, side: 'local' | 'remote') {
    const [here, there] =
      side === 'local'
        ? ['on this computer', 'the server keeps its own']
        : ['on the server', 'the one here stays'];
    super(
      'notFound',
      path,
      `${path} is not ${here} any more, so nothing was done: ${there}. Compare both sides.`,
    );
    this.side = side;
  }
}

function leftAlone(path: string, why: string, side: 'local' | 'remote'): RemoteError {
  const where = side === 'local' ? 'on this computer' : 'on the server';
  const message = `${path} was left as it is: ${why} ${where}, which a sync leaves alone. Change by hand what it leads to, or put a file in its place, and compare again.`;
  return new RemoteError('failed', path, message);
}

/**
 * The step that makes both sides of a path like one of them.
 * @param mayDelete whether taking what is not there was meant to delete the other
 * @throws SourceMissing; RemoteError where a link is in the way: what is behind one here can be sent, and is not changed
 */
export function takeStep(
  { path, local, remote }: Pick<PlanStep, 'path' | 'local' | 'remote'>,
  from: 'mine' | 'theirs',
  mayDelete: boolean,
): PlanStep {
  const [side, source] = from === 'mine' ? (['local', local] as const) : (['remote', remote] as const);
  if (!source && !mayDelete) throw new SourceMissing(path, side);
  if (remote?.kind === 'other') throw leftAlone(path, remote.why, 'remote');
  if (local?.kind === 'other' && from === 'theirs') throw leftAlone(path, local.why, 'local');
  const step = {
    path,
    kind: 'file',
    action: 'conflict',
    reason: 'bothChanged',
    local,
    remote,
    bytes: 0,
  } as const;
  return settle(step, from);
}
