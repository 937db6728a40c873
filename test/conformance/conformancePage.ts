import { clientRequirements, serverRequirements } from './requirements.ts';
import type { NumberedTest } from './numberedTests.ts';
import type { Requirement } from './requirements/requirement.ts';

/** As many tests of a requirement are named; the rest are counted. */
const NAMED_TESTS = 3;

const MATRIX_HEADING = '## Interoperability';

const INTRODUCTION = `# Conformance

What the protocol asks of an FTPS client and of an FTPS server, and the tests that show it here. The specifications are
[MS-FTPS] (FTP over Secure Sockets Layer), "Securing FTP with TLS" (RFC 4217, and draft-murray-auth-ftp-ssl-11, "draft-11" below)
and the RFCs that they rest on; *measured* is what real servers taught. Level M is a must, S a should, O an option.

A test carries the number of what it shows in its title, or in that of its group. \`npm run conformance\` writes this page
from the tests; the unit tests fail when it is out of date, when a number has no test, and when a test has an unknown
number. \`npm run mutations\` breaks the code once for each of them and demands that a test with its number fails.
`;

/**
 * The whole of CONFORMANCE.md.
 * @param matrix the section about interoperability, which only a run against all servers can write anew
 */
export function conformancePage(tests: readonly NumberedTest[], matrix: string): string {
  return [
    INTRODUCTION,
    `## Client\n\n${requirementTable(clientRequirements, tests)}`,
    `## Server\n\n${requirementTable(serverRequirements, tests)}`,
    `${MATRIX_HEADING}\n\n${matrix}`,
  ].join('\n');
}

/** The section about interoperability of a page; nothing where it has none yet. */
export function matrixSection(page: string): string {
  return page.split(`${MATRIX_HEADING}\n\n`)[1] ?? '';
}

function requirementTable(requirements: readonly Requirement[], tests: readonly NumberedTest[]): string {
  const rows = requirements.map(({ number, level, what, source }) => {
    const carrying = tests.filter(({ numbers }) => numbers.has(number));
    return `| ${number} | ${level} | ${escape(what)} | ${escape(source)} | ${testCell(number, carrying)} |\n`;
  });
  return `| number | level | what | source | tests |\n|---|---|---|---|---|\n${rows.join('')}`;
}

function testCell(number: string, tests: readonly NumberedTest[]): string {
  const ranked = tests.toSorted((first, second) => rank(number, first) - rank(number, second));
  // One of each file before a second one of any.
  const firsts = ranked.filter(({ file }, at) => ranked.findIndex((other) => other.file === file) === at);
  const named = [...firsts, ...ranked.filter((test) => !firsts.includes(test))].slice(0, NAMED_TESTS);
  const lines = named.map(({ file, titles }) => `\`${file}\` ${escape(titles.join(' › '))}`);
  const rest = tests.length - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('<br>');
}

/** Tests that begin with the number come first, those that need foreign servers last. */
function rank(number: string, { file, titles }: NumberedTest): number {
  const head = titles.at(-1)?.startsWith(number) === true;
  return (head ? 0 : 1) + (file.startsWith('test/interop/') ? 2 : 0);
}

/** A text as a cell of a table shows it. */
export function escape(text: string): string {
  return text.replaceAll(/[\\|<>*_`[\]]/g, '\\$&').replaceAll(/\s+/g, ' ');
}
