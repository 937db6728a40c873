import type { Entry, EntryType } from './entry.ts';

/**
 * Reads one line of the Easily Parsed LIST Format: "+", facts that each end in a comma, a tab, and the name.
 * undefined where it is no such line. https://cr.yp.to/ftp/list/eplf.html
 */
export function parseEplfLine(line: string): Entry | undefined {
  const tab = line.indexOf('\t');
  if (!line.startsWith('+') || tab < 0) return undefined;
  const facts = line.slice(1, tab).split(',');
  const size = numberBehind('s', facts);
  const seconds = numberBehind('m', facts);
  const mode = facts.find((fact) => /^up[0-7]{3,4}$/.test(fact))?.slice(2);
  const unique = facts.find((fact) => /^i./.test(fact))?.slice(1);
  return {
    name: line.slice(tab + 1),
    type: entryType(facts),
    ...(size !== undefined && { size }),
    ...(seconds !== undefined && { modifiedAt: seconds * 1000, modifiedPrecision: 'second' }),
    ...(mode !== undefined && { mode: Number.parseInt(mode, 8) }),
    ...(unique !== undefined && { unique }),
  };
}

function entryType(facts: readonly string[]): EntryType {
  if (facts.includes('/')) return 'directory';
  return facts.includes('r') ? 'file' : 'unknown';
}

function numberBehind(letter: string, facts: readonly string[]): number | undefined {
  const digits = facts.find((fact) => fact.startsWith(letter) && /^\d{1,15}$/.test(fact.slice(1)))?.slice(1);
  return digits === undefined ? undefined : Number(digits);
}
