import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { FtpsClient } from '../../../src/client/ftpsClient.ts';
import { matrixSection } from '../../conformance/conformancePage.ts';
import { formatMatrix } from './formatMatrix.ts';
import {
  type MatrixCell,
  type MatrixOperation,
  matrixOperations,
  type MatrixRow,
  matrixServers,
  type Variant,
  variants,
} from './matrix.ts';
import { operations } from './operations.ts';
import { outcomeOf } from './outcome.ts';
import { type Site, startSite } from './sites.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

describe('the client, with every server in every mode', () => {
  let rows: readonly MatrixRow[] = [];
  beforeAll(async () => {
    rows = await measureAll();
    mkdirSync(`${repository}out`, { recursive: true });
    writeFileSync(`${repository}out/matrix.json`, `${JSON.stringify(rows, null, 2)}\n`);
  });

  it('fails at no operation', () => {
    const failed = rows.flatMap(({ server, security, tls, cells }) =>
      cells
        .filter(({ outcome }) => outcome.startsWith('fails'))
        .map(({ operation, outcome }) => `${server}, ${security}, ${tls}, ${operation}: ${outcome}`),
    );
    expect(failed).toEqual([]);
  });

  it('does what CONFORMANCE.md says (npm run conformance writes what this run has found)', () => {
    const page = readFileSync(`${repository}CONFORMANCE.md`, 'utf8');
    expect(matrixSection(page)).toBe(formatMatrix(rows));
  });
});

/** The servers side by side, the variants of one after each other. */
async function measureAll(): Promise<MatrixRow[]> {
  const all = variants();
  const lanes = matrixServers.map(async (name) => {
    const rows: MatrixRow[] = [];
    for (const variant of all) if (variant.server === name) rows.push(await measure(variant));
    return rows;
  });
  return (await Promise.all(lanes)).flat();
}

async function measure(variant: Variant): Promise<MatrixRow> {
  const cells: MatrixCell[] = [];
  const site = await startSite(variant);
  if (!site) {
    const outcome = 'the server has no such mode';
    return { ...variant, cells: matrixOperations.map((operation) => ({ operation, outcome })) };
  }
  await using running = site;
  for (const operation of matrixOperations) {
    cells.push({ operation, outcome: await outcomeOf(perform(operation, running)) });
  }
  return { ...variant, cells };
}

async function perform(operation: MatrixOperation, site: Site): Promise<string> {
  await using client = await FtpsClient.connect(site.connect);
  return await operations[operation]({ site, client });
}
