import type { PlanStep } from '../../../src/sync/planStep.ts';
import type { SideNode } from '../../../src/sync/sideTree.ts';

export function fileNode(size = 1): SideNode {
  return { kind: 'file', version: { size, modifiedAt: 1000, precision: 'second', source: 'facts' } };
}

/** A step of a plan; by default the upload of a new file of a byte. */
export function stepOf(path: string, step: Partial<PlanStep> = {}): PlanStep {
  const { action = 'upload', reason = 'new', kind = 'file', bytes = 1 } = step;
  const isWhole = 'local' in step || 'remote' in step;
  const local = isWhole ? step.local : fileNode(bytes);
  return { path, kind, action, reason, local, remote: step.remote, bytes };
}
