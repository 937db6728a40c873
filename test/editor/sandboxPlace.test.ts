import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { leadsToSandbox } from '../../src/editor/sandboxPlace.ts';
import { profileOf } from './support/connectionHarness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const ours = { host: '127.0.0.1', port: 4021, user: 'sandbox' };

describe('a connection that fails', () => {
  it.each([4021, 4990])('leads to the sandbox that served on port %i', async (port) => {
    keep({ port: 4021, implicitPort: 4990 });
    expect(await leadsToSandbox(folder, profileOf({ ...ours, port }))).toBe(true);
  });

  it.each([{ host: 'localhost' }, { port: 21 }, { user: 'me' }])(
    'does not lead to the sandbox with %j',
    async (other) => {
      keep({ port: 4021, implicitPort: 4990 });
      expect(await leadsToSandbox(folder, profileOf({ ...ours, ...other }))).toBe(false);
    },
  );

  it('leads elsewhere where no sandbox ever ran, or where its state cannot be read', async () => {
    expect(await leadsToSandbox(folder, profileOf(ours))).toBe(false);
    for (const state of [null, 'x', {}]) {
      keep(state);
      expect(await leadsToSandbox(folder, profileOf(ours))).toBe(false);
    }
  });
});

function keep(state: unknown): void {
  writeFileSync(join(folder, 'sandbox.json'), JSON.stringify(state));
}
