import { describe, expect, it } from 'vitest';
import { FtpsError, refusal } from '../../src/client/errors.ts';
import {
  type Found,
  mayMeanTooManySessions,
  RemoteError,
  type RemoteErrorKind,
  toRemoteError,
} from '../../src/remote/errors.ts';

function refused(code: number, text = 'No.'): FtpsError {
  return refusal('command', 'RETR', { code, lines: [text] });
}

describe('an error of the server, as people read it', () => {
  it.each<[number, Found, RemoteErrorKind]>([
    [550, 'nothing', 'notFound'],
    [550, 'directory', 'isADirectory'],
    [550, 'file', 'noPermission'],
    [550, 'unknown', 'noPermission'],
    [553, 'file', 'noPermission'],
    [552, 'unknown', 'noSpace'],
    [452, 'unknown', 'noSpace'],
    [530, 'unknown', 'loginRefused'],
    [522, 'unknown', 'securityRefused'],
    [534, 'unknown', 'securityRefused'],
    [425, 'unknown', 'unavailable'],
    [450, 'unknown', 'unavailable'],
    [502, 'unknown', 'failed'],
  ])('with reply %i, where a look finds %s, is of kind %s', (code, found, kind) => {
    expect(toRemoteError(refused(code), '/a', 'read', found).kind).toBe(kind);
  });

  it('says that a file is not a folder where somebody wanted to list it', () => {
    expect(toRemoteError(refused(550), '/a', 'list', 'file').kind).toBe('notADirectory');
    expect(toRemoteError(refused(501), '/a', 'list', 'file').kind).toBe('notADirectory');
    expect(toRemoteError(refused(501), '/a', 'list', 'nothing').kind).toBe('notFound');
    expect(toRemoteError(refused(550), '/a', 'list', 'directory').kind).toBe('noPermission');
  });

  it('does not complain that a file is missing which somebody wanted to create', () => {
    expect(toRemoteError(refused(553), '/a', 'save', 'nothing').kind).toBe('noPermission');
  });

  it('never depends on the words of the reply', () => {
    const texts = ['No such file', 'Permission denied', 'Файл не найден'];
    const errors = texts.map((text) => toRemoteError(refused(550, text), '/a', 'read', 'file'));
    expect(new Set(errors.map((error) => error.kind))).toEqual(new Set(['noPermission']));
  });

  it('says what failed, what the server answered and what to do next', () => {
    const error = toRemoteError(refused(552, 'Quota exceeded'), '/a.txt', 'save');
    expect(error.message).toContain('Cannot save /a.txt');
    expect(error.message).toContain('552 Quota exceeded');
    expect(error.message).toContain('make room');
    expect(error.cause).toBeInstanceOf(FtpsError);
  });

  it('leaves the words of a failed connection as they are, because they are not about the path', () => {
    const failure = new FtpsError(
      'unknownHost',
      'resolve',
      'There is no host "exmaple.com". Check its spelling.',
    );
    expect(toRemoteError(failure, '/a.txt', 'list').message).toBe(failure.message);
  });

  it('carries the certificate to the user, who decides', () => {
    const certificate = {
      subject: 'CN=a',
      issuer: 'CN=b',
      validFrom: '',
      validTo: '',
      names: ['a'],
      fingerprint: 'AA',
      problem: 'expired' as const,
      detail: '',
    };
    const failure = new FtpsError('certificate', 'certificate', 'Not trusted.', { certificate });
    const error = toRemoteError(failure, '/', 'list');
    expect(error.kind).toBe('certificate');
    expect(error.certificate).toBe(certificate);
  });

  it('is worth another try exactly where the cause may pass', () => {
    expect(toRemoteError(refused(450), '/a', 'read').retryable).toBe(true);
    expect(toRemoteError(refused(550), '/a', 'read').retryable).toBe(false);
    expect(toRemoteError(new FtpsError('closed', 'command', 'Gone.'), '/a', 'read').retryable).toBe(true);
    const unresumed = new FtpsError('refused', 'transfer', '522', { retryWith: 'TLSv1.2' });
    expect(toRemoteError(unresumed, '/a', 'save').retryable).toBe(true);
    expect(toRemoteError(new FtpsError('loginRefused', 'login', 'No.'), '/a', 'read').retryable).toBe(false);
  });

  it('is a cancellation where somebody cancelled, whichever layer noticed', () => {
    expect(toRemoteError(new FtpsError('aborted', 'transfer', 'Cancelled.'), '/a', 'read').kind).toBe(
      'cancelled',
    );
    expect(toRemoteError(AbortSignal.abort().reason, '/a', 'read').kind).toBe('cancelled');
  });

  it('is translated once and keeps what it is', () => {
    const error = new RemoteError('conflict', '/a', 'Changed.');
    expect(toRemoteError(error, '/b', 'save')).toBe(error);
  });

  it('shows a name with a line break on one line', () => {
    const error = toRemoteError(
      new FtpsError('invalidArgument', 'command', 'A name cannot contain a line break.'),
      '/a\r\nDELE b',
      'delete',
    );
    expect(error.kind).toBe('unsafeName');
    expect(error.message).not.toMatch(/[\r\n]/);
  });
});

describe('a refused session', () => {
  it('may be one too many with 421, and with the 530 that many servers send instead', () => {
    expect(mayMeanTooManySessions(new FtpsError('tooManySessions', 'login', ''))).toBe(true);
    expect(mayMeanTooManySessions(new FtpsError('loginRefused', 'login', ''))).toBe(true);
    expect(mayMeanTooManySessions(refused(421))).toBe(true);
    expect(mayMeanTooManySessions(new FtpsError('timeout', 'connect', ''))).toBe(false);
    expect(mayMeanTooManySessions(new Error('other'))).toBe(false);
  });

  it('may be one too many when its connection is refused or dropped before anybody is logged in', () => {
    expect(mayMeanTooManySessions(new FtpsError('connectionRefused', 'connect', ''))).toBe(true);
    expect(mayMeanTooManySessions(new FtpsError('closed', 'greeting', ''))).toBe(true);
    expect(mayMeanTooManySessions(new FtpsError('closed', 'tls', ''))).toBe(true);
    expect(mayMeanTooManySessions(new FtpsError('closed', 'command', ''))).toBe(false);
    expect(mayMeanTooManySessions(new FtpsError('unreachable', 'connect', ''))).toBe(false);
  });
});
