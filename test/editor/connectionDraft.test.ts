import { describe, expect, it } from 'vitest';
import {
  emptyDraft,
  fieldProblem,
  portProblem,
  readAddress,
  writtenForm,
} from '../../src/editor/connectionDraft.ts';
import { readProfile } from '../../src/remote/profile.ts';

describe('an address that is pasted into the first step', () => {
  it.each([
    ['ftp.example.com', { host: 'ftp.example.com' }],
    [' ftp.example.com ', { host: 'ftp.example.com' }],
    ['ftp.example.com:2121', { host: 'ftp.example.com', port: 2121, security: 'explicit' }],
    ['ftp.example.com:990', { host: 'ftp.example.com', port: 990, security: 'implicit' }],
    ['ftps://ftp.example.com', { host: 'ftp.example.com', security: 'implicit', port: 990 }],
    ['ftpes://ftp.example.com', { host: 'ftp.example.com', security: 'explicit', port: 21 }],
    [
      'ftp://me%40home@ftp.example.com/www%20root',
      { host: 'ftp.example.com', security: 'explicit', port: 21, user: 'me@home', remotePath: '/www root' },
    ],
    ['ftps://50%:x@host/', { host: 'host', security: 'implicit', port: 990, user: '50%' }],
    ['::1', { host: '::1' }],
  ])('%s is read as far as it goes', (text, expected) => {
    expect(readAddress(text)).toEqual(expected);
  });

  it('never takes its password along', () => {
    expect(JSON.stringify(readAddress('ftp://me:secret@ftp.example.com'))).not.toContain('secret');
  });
});

describe('a new connection', () => {
  const draft = { ...emptyDraft, name: 'site', host: 'ftp.example.com', user: 'me', password: 'secret' };

  it('is written without its password and without what is the default', () => {
    expect(writtenForm(draft)).toEqual({ host: 'ftp.example.com', user: 'me' });
  });

  it.each([
    { security: 'implicit', port: 990 },
    { security: 'implicit', port: 2990 },
    { security: 'none', port: 21 },
    { port: 2121, remotePath: '/www' },
  ] as const)('is read as it was meant: %j', (change) => {
    const meant = { ...draft, ...change };
    const result = readProfile('site', writtenForm(meant));
    const { security, port, remotePath } = meant;
    expect(result).toMatchObject({ ok: true, profile: { security, port, remotePath } });
  });

  it.each([
    ['host', 'ftp.example.com', undefined],
    ['host', '', /host is missing/],
    ['host', 'a b', /bare name/],
    ['user', '', /user is missing/],
    ['name', 'a/b', /cannot contain/],
    ['name', ' ', /cannot be empty/],
    ['name', 'my site', undefined],
  ] as const)('has its %s %j judged as settings are', (field, value, expected) => {
    const problem = fieldProblem(field, value);
    if (expected === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatch(expected);
  });

  it.each(['0', '65536', 'x', '', '1.5', '-1'])('refuses the port %j', (port) => {
    expect(portProblem(port)).toMatch(/whole number/);
  });

  it('takes any other port', () => {
    expect(portProblem('2121')).toBeUndefined();
  });
});
