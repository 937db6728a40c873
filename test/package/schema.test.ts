import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ProfileResult, readProfile } from '../../src/remote/profile.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
}

interface Manifest {
  readonly contributes: { readonly configuration: { readonly properties: Readonly<Record<string, Schema>> } };
}

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'package.json'), 'utf8');
const manifest: Manifest = JSON.parse(text);
const names: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(root, 'package.nls.json'), 'utf8'),
);

const [profile] = Object.values(
  manifest.contributes.configuration.properties['ftps.profiles']?.patternProperties ?? {},
);
const [one, several] = profile?.properties?.['sync']?.anyOf ?? [];
const mapping = one?.properties ?? {};

function withSync(sync: unknown): ProfileResult {
  return readProfile('site', { host: 'ftp.example.com', user: 'anna', sync });
}

describe('the settings that VS Code completes', () => {
  it('describe a mapping alike, alone and in a list', () => {
    expect(Object.keys(mapping)).not.toEqual([]);
    expect(several?.items).toEqual(one);
  });

  it('have the fields and the defaults that a mapping has', () => {
    const read = withSync({});
    const [defaults] = read.ok ? read.profile.sync : [];
    const described = Object.fromEntries(
      Object.entries(mapping).map(([name, field]) => [name, field.default]),
    );
    expect({ ...described, remote: '/' }).toEqual(defaults);
  });

  it.each(
    Object.entries(mapping).flatMap(([name, field]) => (field.enum ?? []).map((value) => [name, value])),
  )('offer for %s only what is understood: %s', (name, value) => {
    expect(withSync({ [name]: value })).toMatchObject({ ok: true, warnings: [] });
  });

  it('have a text for everything that refers to one, and no text that nothing refers to', () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map(([, name]) => name);
    expect(new Set(used)).toEqual(new Set(Object.keys(names)));
  });
});
