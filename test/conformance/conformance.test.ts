import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { conformancePage, matrixSection } from './conformancePage.ts';
import { mutationProblems } from '../mutations/mutationProblems.ts';
import { mutations } from '../mutations/mutations.ts';
import { numberedTests, numberedTestsOf } from './numberedTests.ts';
import { clientRequirements, serverRequirements } from './requirements.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const tests = numberedTests(repository);
const listed = [...clientRequirements, ...serverRequirements].map(({ number }) => number);
const carried = new Set(tests.flatMap(({ numbers }) => [...numbers]));

describe('the requirements', () => {
  it('are 58 of the client and 29 of the server, without a gap', () => {
    const count = (role: string, length: number): string[] =>
      Array.from({ length }, (_, index) => `${role}-${index + 1}`);
    expect(listed).toEqual([...count('C', 58), ...count('S', 29)]);
  });

  it('are each carried by a test', () => {
    expect(listed.filter((number) => !carried.has(number))).toEqual([]);
  });

  it('are all that tests carry', () => {
    const strangers = tests.filter(({ numbers }) => [...numbers].some((number) => !listed.includes(number)));
    expect(strangers.map(({ file, titles }) => `${file}: ${titles.join(' › ')}`)).toEqual([]);
  });

  it('are in CONFORMANCE.md with the tests that there are (npm run conformance writes it)', () => {
    const page = readFileSync(`${repository}CONFORMANCE.md`, 'utf8');
    expect(page).toBe(conformancePage(tests, matrixSection(page)));
  });
});

describe('the mutations', () => {
  it('are at least one for each requirement, and fit the code as it is', () => {
    expect(mutationProblems(repository, mutations, true)).toEqual([]);
  });
});

describe('the numbers of a test', () => {
  const titlesWith = (text: string): string[] =>
    numberedTestsOf('some.test.ts', text).map(({ titles, numbers }) => [...titles, ...numbers].join('|'));

  it('are those of its title and of the groups around it', () => {
    const text = `
      describe('C-1: a', () => { it('b', f); describe.each(x)('c', () => { test('S-2, C-3: d', f); }); });
      it('C-4 e', f);`;
    expect(titlesWith(text)).toEqual(['C-1: a|b|C-1', 'C-1: a|c|S-2, C-3: d|C-1|S-2|C-3', 'C-4 e|C-4']);
  });

  it('are read from tables and templates', () => {
    const text = 'it.each([1])(`C-5: ${name} and %i`, f); it.each(["C-7"])("no number", f);';
    expect(titlesWith(text)).toEqual(['C-5: … and %i|C-5']);
  });

  it('are not read from comments, other calls and longer words', () => {
    expect(titlesWith("// it('C-1', f)\nsay('C-1', f); it('UTF-8, TLS-C and SHA-256', f);")).toEqual([]);
  });
});
