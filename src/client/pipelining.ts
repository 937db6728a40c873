import type { Session } from './session.ts';

/** Whether anything may be said or opened before it is needed. */
export function pipelines({ options, traits }: Pick<Session, 'options' | 'traits'>): boolean {
  return (options.pipelining ?? 'auto') === 'auto' && !traits.stepByStep;
}
