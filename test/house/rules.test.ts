import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { repository, sourceFiles } from './sourceFiles.ts';

const files = sourceFiles();

interface LockFile {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }
    >
  >;
}

function readText(name: string): string {
  return readFileSync(join(repository, name), 'utf8');
}

function lineCount(text: string): number {
  return text.split('\n').length - 1;
}

describe('the house rules', () => {
  it('keep every file at 300 lines or fewer', () => {
    expect(files.filter(({ text }) => lineCount(text) > 300).map(({ path }) => path)).toEqual([]);
  });

  it('keep the entry at 100 lines or fewer', () => {
    const entry = files.find(({ path }) => path === 'extension.ts');
    expect(entry).toBeDefined();
    expect(lineCount(entry?.text ?? '')).toBeLessThanOrEqual(100);
  });

  it('keep folders at most two deep', () => {
    expect(files.map(({ path }) => path).filter((path) => path.split('/').length > 3)).toEqual([]);
  });

  it('name no file for nothing in particular', () => {
    const vague = /(^|\/)(utils?|helpers?|common|shared|misc|index)(\/|\.)|manager/i;
    expect(files.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
  });

  it('keep no state in a module', () => {
    const stateful = files.filter(({ path, text }) =>
      parseSync(path, text).program.body.some((statement) => {
        const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
        return declared?.type === 'VariableDeclaration' && declared.kind !== 'const';
      }),
    );
    expect(stateful.map(({ path }) => path)).toEqual([]);
  });

  it('have no barrels: what is imported says where it lives', () => {
    const barrels = files.filter(({ path, text }) =>
      parseSync(path, text).program.body.some(
        (statement) =>
          statement.type === 'ExportAllDeclaration' ||
          (statement.type === 'ExportNamedDeclaration' && statement.source !== null),
      ),
    );
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });

  it('leave the verification of certificates to one place of each role', () => {
    const judges = new Set(['client/tlsLayer.ts', 'server/serverTls.ts']);
    const elsewhere = files.filter(
      ({ path, text }) =>
        !judges.has(path) && /rejectUnauthorized: false|NODE_TLS_REJECT_UNAUTHORIZED/.test(text),
    );
    expect(elsewhere.map(({ path }) => path)).toEqual([]);
  });

  it('let no name or word of a server become a link in a message, which a click would run', () => {
    const risky = files.flatMap(({ path, text }) => {
      // It makes all of them plain.
      if (path === 'editor/messages.ts') return [];
      const found: string[] = [];
      new Visitor({
        CallExpression: ({ callee, arguments: [message, options], start }) => {
          if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return;
          if (!/^show(Error|Warning|Information)Message$/.test(callee.property.name)) return;
          // A modal dialog shows its text as it is.
          const isModal =
            options?.type === 'ObjectExpression' &&
            text.slice(options.start, options.end).includes('modal: true');
          if (!isModal && message?.type !== 'Literal')
            found.push(`${path}: ${text.slice(start, start + 80)}`);
        },
      }).visit(parseSync(path, text).program);
      return found;
    });
    expect(risky).toEqual([]);
  });

  it('use no proposed API of VS Code', () => {
    expect(JSON.parse(readText('package.json'))).not.toHaveProperty('enabledApiProposals');
  });
});

describe('the guide', () => {
  it('names only scripts that run under every Node it allows, which .ts does not under 20', () => {
    const guide = readText('CONTRIBUTING.md') + readText('README.md');
    const named = [...guide.matchAll(/`node (scripts\/\S+?\.\w+)/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((path) => !path.endsWith('.mjs') || !existsSync(join(repository, path)))).toEqual([]);
  });
});

describe('F5', () => {
  interface Launch {
    readonly configurations: readonly {
      readonly type: string;
      readonly request: string;
      readonly args: readonly string[];
      readonly preLaunchTask: string;
    }[];
  }
  interface Tasks {
    readonly tasks: readonly { readonly label: string; readonly type: string; readonly script: string }[];
  }
  interface Manifest {
    readonly scripts: Readonly<Record<string, string>>;
  }

  it('builds the extension with what it takes to debug it, and runs it in a new window', () => {
    const launch: Launch = JSON.parse(readText('.vscode/launch.json'));
    const { tasks }: Tasks = JSON.parse(readText('.vscode/tasks.json'));
    const { scripts }: Manifest = JSON.parse(readText('package.json'));
    const [configuration] = launch.configurations;
    expect(configuration).toMatchObject({
      type: 'extensionHost',
      request: 'launch',
      args: ['--extensionDevelopmentPath=${workspaceFolder}'],
    });
    const task = tasks.find(({ label }) => label === configuration?.preLaunchTask);
    expect(task).toMatchObject({ type: 'npm' });
    expect(scripts[task?.script ?? '']).toBe('node scripts/build.mjs --development');
  });
});

describe('the lock file', () => {
  it('names the packages of every platform, or `npm ci` refuses it (npm run lock completes it)', () => {
    const { packages }: LockFile = JSON.parse(readText('package-lock.json'));
    const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => {
        const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
        return !places.some((place) => packages[place]?.version !== undefined);
      }),
    );
    expect(missing).toEqual([]);
  });
});
