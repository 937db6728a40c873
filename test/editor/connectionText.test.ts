import { describe, expect, it } from 'vitest';
import {
  connectionContext,
  connectionDescription,
  connectionSpoken,
  connectionTooltip,
} from '../../src/editor/connectionText.ts';
import type { StoredProfile } from '../../src/editor/profileStore.ts';
import { RemoteError } from '../../src/remote/errors.ts';
import { readProfile } from '../../src/remote/profile.ts';

function stored(
  value: Readonly<Record<string, unknown>>,
  level: 'user' | 'workspace' = 'user',
): StoredProfile {
  const whole = { host: 'ftp.example.com', user: 'me', ...value };
  return { name: 'site', value: whole, source: { level }, result: readProfile('site', whole) };
}

const disconnected = { kind: 'disconnected' } as const;

describe('the row of a connection', () => {
  it.each([
    ['disconnected', 'me@ftp.example.com'],
    ['connecting', 'me@ftp.example.com · connecting…'],
    ['connected', 'me@ftp.example.com'],
  ] as const)('that is %s shows %s', (kind, description) => {
    const site = stored({});
    expect(connectionDescription(site, { kind })).toBe(description);
    expect(connectionContext(site, { kind })).toBe(`connection-${kind}`);
    expect(connectionSpoken(site, { kind })).toBe(`site, ${kind}`);
  });

  it('that failed says why in its tooltip', () => {
    const error = new RemoteError('unavailable', '/', 'No answer from ftp.example.com:21.');
    expect(connectionTooltip(stored({}), { kind: 'failed', error })).toContain('No answer from');
  });

  it('without encryption says so wherever it speaks', () => {
    const clear = stored({ security: 'none' });
    expect(connectionDescription(clear, disconnected)).toContain('not encrypted');
    expect(connectionSpoken(clear, disconnected)).toContain('not encrypted');
    expect(connectionTooltip(clear, disconnected)).toContain('NOT ENCRYPTED');
  });

  it('that cannot be used says why', () => {
    const invalid = stored({ port: 0 });
    expect(connectionContext(invalid, disconnected)).toBe('connection-invalid');
    expect(connectionDescription(invalid, disconnected)).toMatch(/port must be/);
    expect(connectionTooltip(invalid, disconnected)).toMatch(/port must be/);
  });

  it('promises no upload where the local folder follows the server', () => {
    const sync = { local: 'dist', remote: '/www', direction: 'toLocal' };
    const tooltip = connectionTooltip(stored({ sync }, 'workspace'), disconnected);
    expect(tooltip).toContain('Downloads /www to dist, when it is synced');
    expect(tooltip).not.toContain('Uploads');
  });

  it('tells what is uploaded on save', () => {
    const sync = { local: 'dist', remote: '/www' };
    const tooltip = connectionTooltip(stored({ sync }, 'workspace'), disconnected);
    expect(tooltip).toContain('Uploads dist to /www, on save');
  });

  it('tells that sync in the settings of the user does not count', () => {
    expect(connectionTooltip(stored({ sync: { local: '' } }), disconnected)).toContain('nothing is uploaded');
  });

  it('tells of every folder whose settings define it', () => {
    const folders = ['file:///home/anna/one', 'file:///home/anna/my%20work'];
    const site: StoredProfile = { ...stored({}), source: { level: 'folder', folders } };
    expect(connectionTooltip(site, disconnected)).toContain(
      'Defined in the settings of the folder one and of the folder my work',
    );
  });

  it('tells of fields that nobody knows', () => {
    expect(connectionTooltip(stored({ colour: 'red' }), disconnected)).toContain('colour');
  });
});
