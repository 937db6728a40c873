import { parseSync, Visitor } from 'oxc-parser';

export interface Import {
  readonly from: string;
  /** Gone after compilation: `import type`, or a type's `import('…')`. */
  readonly typeOnly: boolean;
}

interface Source {
  readonly type: string;
  readonly value?: unknown;
}

/** Every import of a TypeScript file, of whatever form. @throws Error where the file does not parse */
export function importsOf(name: string, text: string): Import[] {
  const { program, errors } = parseSync(name, text);
  if (errors.length > 0) throw new Error(`${name}: ${errors.map((error) => error.message).join('; ')}`);
  const imports: Import[] = [];
  const add = (source: Source | null | undefined, typeOnly: boolean): void => {
    if (source === null || source === undefined) return;
    const from = source.type === 'Literal' && typeof source.value === 'string' ? source.value : '<computed>';
    imports.push({ from, typeOnly });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, node.importKind === 'type'),
    ExportNamedDeclaration: (node) => add(node.source, node.exportKind === 'type'),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === 'type'),
    ImportExpression: (node) => add(node.source, false),
    TSImportType: (node) => add(node.source, true),
    TSExternalModuleReference: (node) => add(node.expression, false),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') add(node.arguments[0], false);
    },
  }).visit(program);
  return imports;
}
