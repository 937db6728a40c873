import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type CallExpression, parseSync, Visitor } from 'oxc-parser';

/** A test whose title, or that of a group around it, carries numbers of requirements. */
export interface NumberedTest {
  /** Its path in the repository. */
  readonly file: string;
  /** The titles of the groups around it, outermost first, and its own. What only a run can tell is `…`. */
  readonly titles: readonly string[];
  readonly numbers: ReadonlySet<string>;
}

type Callee = CallExpression['callee'];

/** The tests of all files under `test/` that carry numbers, by file and in their order there. */
export function numberedTests(repository: string): NumberedTest[] {
  const names = readdirSync(join(repository, 'test'), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `test/${name.split(sep).join('/')}`)
    .sort()
    .flatMap((file) => numberedTestsOf(file, readFileSync(join(repository, file), 'utf8')));
}

/** @throws Error where the file does not parse */
export function numberedTestsOf(file: string, text: string): NumberedTest[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors.map((error) => error.message).join('; ')}`);
  const found: NumberedTest[] = [];
  const groups: string[] = [];
  new Visitor({
    CallExpression: (node) => {
      const kind = kindOf(node);
      if (kind === undefined) return;
      const title = titleOf(node);
      if (kind === 'describe') groups.push(title);
      else {
        const titles = [...groups, title];
        const numbers = numbersIn(titles.join(' '));
        if (numbers.size > 0) found.push({ file, titles, numbers });
      }
    },
    'CallExpression:exit': (node) => {
      if (kindOf(node) === 'describe') groups.pop();
    },
  }).visit(program);
  return found;
}

/** The numbers of requirements in a title. */
function numbersIn(title: string): Set<string> {
  return new Set(title.match(/\b[CS]-\d+\b/g));
}

/** What a call declares: `it(…)`, `it.each(…)(…)`, `describe.each(…)(…)` and the like, if anything. */
function kindOf({ callee, arguments: [, ...rest] }: CallExpression): 'describe' | 'test' | undefined {
  // `it.each(table)` alone is the beginning of a declaration, not one itself.
  if (rest.length === 0) return undefined;
  const name = firstName(callee);
  if (name === 'describe') return 'describe';
  return name === 'it' || name === 'test' ? 'test' : undefined;
}

function firstName(callee: Callee): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type === 'MemberExpression') return firstName(callee.object);
  return callee.type === 'CallExpression' ? firstName(callee.callee) : undefined;
}

function titleOf({ arguments: [title] }: CallExpression): string {
  if (title?.type === 'Literal' && typeof title.value === 'string') return title.value;
  if (title?.type === 'TemplateLiteral') {
    return title.quasis.map(({ value }) => value.cooked ?? value.raw).join('…');
  }
  return '…';
}
