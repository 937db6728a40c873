import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dialogueFields } from '../../src/remote/profileDialogue.ts';
import { type ProfileResult, readProfile } from '../../src/remote/profile.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
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

const [[namePattern, profile] = []] = Object.entries(
  manifest.contributes.configuration.properties['ftps.profiles']?.patternProperties ?? {},
);
const [one, several] = profile?.properties?.['sync']?.anyOf ?? [];
const mapping = one?.properties ?? {};

const fields = profile?.properties ?? {};

/** Each field of a connection that is no object, by the way to it; mappings have tests of their own. */
function leaves(properties: Readonly<Record<string, Schema>>, ...way: string[]): [string[], Schema][] {
  return Object.entries(properties).flatMap(([name, field]) =>
    field.properties ? leaves(field.properties, ...way, name) : [[[...way, name], field]],
  );
}

const described = leaves(fields).filter(([[name]]) => name !== 'sync');

/** A connection with one field more. */
function withField(way: readonly string[], value: unknown): ProfileResult {
  const whole = way.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
  const needed = { host: 'ftp.example.com', user: 'anna' };
  return readProfile('site', { ...needed, ...(typeof whole === 'object' ? whole : {}) });
}

function withSync(sync: unknown): ProfileResult {
  return readProfile('site', { host: 'ftp.example.com', user: 'anna', sync });
}

describe('the settings that VS Code completes', () => {
  it('have every field of a connection', () => {
    const read = readProfile('site', { host: 'ftp.example.com', user: 'anna' });
    const known = read.ok ? Object.keys(read.profile).filter((name) => !/^(name|dialogue)$/.test(name)) : [];
    expect(Object.keys(fields).sort()).toEqual([...known, ...dialogueFields].sort());
    expect(profile).toMatchObject({ required: ['host', 'user'], additionalProperties: false });
  });

  it.each(described.map(([way, field]) => [way.join('.'), way, field] as const))(
    'allow of %s what is understood, and say what it is by itself',
    (_, way, field) => {
      const samples = [
        ...(field.enum ?? []),
        ...[field.default, field.minimum, field.maximum].filter((value) => value !== undefined),
        ...(field.type === 'boolean' ? [true, false] : []),
        ...(field.type === 'string' && !field.enum ? ['a'] : []),
      ];
      expect(samples).not.toEqual([]);
      for (const sample of samples) expect(withField(way, sample).warnings).toEqual([]);
      const needsMore = way.includes('clientCertificate');
      for (const sample of needsMore ? [] : samples)
        expect(withField(way, sample)).toMatchObject({ ok: true });
      if (field.minimum !== undefined) expect(withField(way, field.minimum - 1).ok).toBe(false);
      if (field.maximum !== undefined) expect(withField(way, field.maximum + 1).ok).toBe(false);
      if (field.enum) expect(withField(way, 'neither of these').ok).toBe(false);
      const read = readProfile('site', { host: 'ftp.example.com', user: 'anna' });
      const [name = ''] = way;
      if (read.ok && way.length === 1 && name in read.profile && field.default !== undefined) {
        expect(read.profile).toMatchObject({ [name]: field.default });
      }
    },
  );

  it.each(['site', 'my site', 'a.b', 'a/b', 'a:b', 'a@b', 'a?b', 'a#b', 'a\\b', '', ' '])(
    'take the same names of connections as the product: %j',
    (name) => {
      const pattern = new RegExp(namePattern ?? '');
      const { ok } = readProfile(name, { host: 'ftp.example.com', user: 'anna' });
      expect(pattern.test(name)).toBe(ok);
    },
  );

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
