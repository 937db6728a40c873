import { type FaultChoice, type FaultKind, faultCatalogue, isFaultName } from './faultCatalogue.ts';

/** The faults for people to choose from, one to a line. */
export function describeFaults(): string {
  const kinds: readonly (readonly [string, FaultKind])[] = Object.entries(faultCatalogue);
  const rows = kinds.map(([name, { parameter, summary }]) => {
    const choice = parameter ? `${name}[=${parameter.name}]` : name;
    return `  ${choice.padEnd(28)} ${summary}${parameter ? ` (${parameter.standard} unless told otherwise)` : ''}`;
  });
  return rows.join('\n');
}

/** The text begins with the name of a fault. Its parameter is judged when a server is started with it. */
export function isFaultChoice(text: string): text is FaultChoice {
  return isFaultName(text.replace(/=.*/s, ''));
}
