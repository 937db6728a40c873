// npm run conformance: writes CONFORMANCE.md from the requirements, the titles of the tests, and what the last run of
// the interoperability matrix found (out/matrix.json; without one, that section stays as it is).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { continueUnderProjectNode, ensureDependencies, repository } from './bootstrap.mjs';

ensureDependencies();
await continueUnderProjectNode(import.meta.url);

const { conformancePage, matrixSection } = await import('../test/conformance/conformancePage.ts');
const { numberedTests } = await import('../test/conformance/numberedTests.ts');
const { formatMatrix } = await import('../test/interop/matrix/formatMatrix.ts');

const file = join(repository, 'CONFORMANCE.md');
const found = join(repository, 'out/matrix.json');
const matrix = existsSync(found)
  ? formatMatrix(JSON.parse(readFileSync(found, 'utf8')))
  : matrixSection(existsSync(file) ? readFileSync(file, 'utf8') : '');
writeFileSync(file, conformancePage(numberedTests(repository), matrix));
console.log(`Wrote ${file}`);
