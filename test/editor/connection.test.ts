import { describe, expect, it } from 'vitest';
import { restAfterFailure } from '../../src/editor/connection.ts';
import { NotConnected } from '../../src/editor/notConnected.ts';
import { credentialAccount } from '../../src/remote/profile.ts';
import { RemoteError } from '../../src/remote/errors.ts';
import { certificate, ConnectionHarness, FakeFiles, profileOf } from './support/connectionHarness.ts';

const account = credentialAccount(profileOf());
const refused = (answer: string) => new RemoteError('loginRefused', '/', answer);
const unreachable = () => new RemoteError('unavailable', '/', 'Connecting took more than 15 seconds.');
const asked = { gesture: true };
const unasked = { gesture: false };

describe('the password of a connection', () => {
  it('is asked at the first connection and kept once the server has taken it', async () => {
    const harness = new ConnectionHarness();
    harness.passwords = ['secret'];
    await harness.connection.connect();
    expect(harness.questions).toEqual(['password']);
    expect(harness.secrets.secrets.get(account)).toBe('secret');
    expect(harness.connection.state).toEqual({ kind: 'connected' });
  });

  it('is asked again, with the answer of the server, when it is refused; a refused one is not kept', async () => {
    const harness = new ConnectionHarness();
    harness.passwords = ['wrong', 'right'];
    harness.serve = async ({ password }) => {
      if (password !== 'right') throw refused('530 Login incorrect.');
      return new FakeFiles();
    };
    await harness.connection.connect();
    expect(harness.questions).toEqual(['password', 'password 530 Login incorrect.']);
    expect(harness.secrets.secrets.get(account)).toBe('right');
  });

  it('that is not given leaves the connection disconnected, and nothing asks again by itself', async () => {
    const harness = new ConnectionHarness();
    await expect(harness.connection.connect()).rejects.toThrow(NotConnected);
    expect(harness.connection.state).toEqual({ kind: 'disconnected' });
    await expect(harness.connection.run(async () => 1, unasked)).rejects.toThrow(NotConnected);
    expect(harness.questions).toEqual(['password']);
  });

  it('that the server takes no longer is asked for, and what was wanted is done after that', async () => {
    const harness = new ConnectionHarness();
    harness.secrets.secrets.set(account, 'old');
    harness.passwords = ['new'];
    let changed = false;
    harness.serve = async ({ password }) => {
      if (changed && password === 'old') throw refused('530 Expired.');
      return new FakeFiles();
    };
    await harness.connection.connect();
    changed = true;
    let tries = 0;
    const answer = await harness.connection.run(async () => {
      tries++;
      if (tries === 1) throw refused('530 Expired.');
      return 'done';
    }, asked);
    expect([answer, tries, harness.questions]).toEqual(['done', 2, ['password 530 Expired.']]);
  });
});

describe('the passphrase of a client certificate', () => {
  const keyed = profileOf({ tls: { clientCertificate: { cert: '/me.crt', key: '/me.key' } } });
  const locked = (message: string) => new RemoteError('passphrase', '/', message);

  it('is asked for when the key turns out to be locked, and kept for that key and login', async () => {
    const harness = new ConnectionHarness(keyed);
    harness.passwords = ['secret'];
    harness.passphrases = ['wrong', 'sesame'];
    harness.serve = async ({ passphrase }) => {
      if (passphrase === undefined) throw locked('It is locked.');
      if (passphrase !== 'sesame') throw locked('It does not open.');
      return new FakeFiles();
    };
    await harness.connection.connect();
    expect(harness.questions).toEqual([
      'password',
      'passphrase It is locked.',
      'passphrase It does not open.',
    ]);
    expect(harness.secrets.secrets.get(`/me.key#${account}`)).toBe('sesame');
    expect(harness.secrets.secrets.get(account)).toBe('secret');
  });

  it('that is kept is used without a question, and never sent where no client certificate is named', async () => {
    const harness = new ConnectionHarness(keyed);
    harness.secrets.secrets.set(account, 'secret').set(`/me.key#${account}`, 'sesame');
    await harness.connection.connect();
    expect([harness.attempts[0]?.passphrase, harness.questions]).toEqual(['sesame', []]);
    const plain = new ConnectionHarness();
    plain.secrets.secrets.set(account, 'secret').set(`#${account}`, 'sesame');
    await plain.connection.connect();
    expect(plain.attempts[0]?.passphrase).toBeUndefined();
  });

  it('that is not given leaves the connection disconnected', async () => {
    const harness = new ConnectionHarness(keyed);
    harness.passwords = ['secret'];
    harness.serve = async () => {
      throw locked('It is locked.');
    };
    await expect(harness.connection.connect()).rejects.toThrow(NotConnected);
    expect(harness.connection.state).toEqual({ kind: 'disconnected' });
  });
});

describe('the certificate of a connection', () => {
  const untrusted = (problem: typeof certificate.problem) =>
    new RemoteError('certificate', '/', 'It does not verify.', { certificate: { ...certificate, problem } });

  it('that does not verify is pinned when the user trusts it, for that host and port', async () => {
    const harness = new ConnectionHarness();
    harness.secrets.secrets.set(account, 'secret');
    harness.serve = async ({ pinnedFingerprint }) => {
      if (pinnedFingerprint !== certificate.fingerprint) throw untrusted('selfSigned');
      return new FakeFiles();
    };
    await harness.connection.connect();
    expect(harness.questions).toEqual(['trust selfSigned']);
    expect(harness.attempts.map(({ pinnedFingerprint }) => pinnedFingerprint)).toEqual([
      undefined,
      certificate.fingerprint,
    ]);
    expect([...harness.memory]).toEqual([['pin:ftp.example.com:21', certificate.fingerprint]]);
  });

  it('that the user does not trust is not asked about again until the user connects', async () => {
    const harness = new ConnectionHarness();
    harness.secrets.secrets.set(account, 'secret');
    harness.trusts = false;
    harness.serve = async () => {
      throw untrusted('expired');
    };
    await expect(harness.connection.connect()).rejects.toThrow(NotConnected);
    await expect(harness.connection.run(async () => 1, unasked)).rejects.toThrow(NotConnected);
    expect(harness.questions).toEqual(['trust expired']);
    expect(harness.memory.size).toBe(0);
  });

  it('that is not the pinned one is asked about as such', async () => {
    const harness = new ConnectionHarness();
    harness.secrets.secrets.set(account, 'secret');
    await harness.trust.trust(harness.connection.profile, 'CD:CD');
    harness.serve = async ({ pinnedFingerprint }) => {
      if (pinnedFingerprint !== certificate.fingerprint) throw untrusted('pinMismatch');
      return new FakeFiles();
    };
    await harness.connection.connect();
    expect(harness.questions).toEqual(['trust pinMismatch']);
    expect(harness.trust.pin(harness.connection.profile)).toBe(certificate.fingerprint);
  });
});

describe('a connection without encryption', () => {
  const profile = profileOf({ security: 'none' });

  it('is agreed to once', async () => {
    const harness = new ConnectionHarness(profile);
    harness.passwords = ['secret'];
    await harness.connection.connect();
    await harness.connection.disconnect();
    await harness.connection.connect();
    expect(harness.questions).toEqual(['clear text', 'password']);
  });

  it('is not made when the user does not agree', async () => {
    const harness = new ConnectionHarness(profile);
    harness.allowsClearText = false;
    await expect(harness.connection.connect()).rejects.toThrow(NotConnected);
    expect(harness.attempts).toEqual([]);
  });
});

describe('a connection', () => {
  it('is attempted once, however many want it', async () => {
    const harness = new ConnectionHarness();
    harness.passwords = ['secret'];
    const answers = await Promise.all([1, 2, 3].map((n) => harness.connection.run(async () => n, unasked)));
    expect(answers).toEqual([1, 2, 3]);
    expect([harness.attempts.length, harness.questions]).toEqual([1, ['password']]);
  });

  it('tells each of its states', async () => {
    const harness = new ConnectionHarness();
    harness.secrets.secrets.set(account, 'secret');
    const states: string[] = [];
    harness.connection.onDidChangeState.add(({ kind }) => states.push(kind));
    await harness.connection.connect();
    await harness.connection.disconnect();
    expect(states).toEqual(['connecting', 'connected', 'disconnected']);
  });

  it('is not opened by VS Code itself in a workspace that is not trusted', async () => {
    const harness = new ConnectionHarness();
    harness.mayConnectUnasked = false;
    harness.secrets.secrets.set(account, 'secret');
    await expect(harness.connection.run(async () => 1, unasked)).rejects.toThrow(NotConnected);
    expect(await harness.connection.run(async () => 1, asked)).toBe(1);
    expect(await harness.connection.run(async () => 2, unasked)).toBe(2);
  });

  it('that failed gives its failure to VS Code at once, until it has rested; a gesture tries at once', async () => {
    const harness = new ConnectionHarness();
    harness.secrets.secrets.set(account, 'secret');
    harness.serve = async () => {
      throw unreachable();
    };
    await expect(harness.connection.run(async () => 1, unasked)).rejects.toThrow('15 seconds');
    await expect(harness.connection.run(async () => 1, unasked)).rejects.toThrow('15 seconds');
    expect(harness.attempts.length).toBe(1);
    expect(harness.connection.state.kind).toBe('failed');
    await expect(harness.connection.run(async () => 1, asked)).rejects.toThrow('15 seconds');
    expect(harness.attempts.length).toBe(2);
    harness.clock.advance(restAfterFailure);
    await expect(harness.connection.run(async () => 1, unasked)).rejects.toThrow('15 seconds');
    expect(harness.attempts.length).toBe(3);
  });

  it('writes what it learnt about the server when it ends, and forgets it on request', async () => {
    const harness = new ConnectionHarness();
    harness.secrets.secrets.set(account, 'secret');
    await harness.connection.disconnect();
    expect(harness.servers).toEqual([]);
    await harness.connection.connect();
    await harness.connection.disconnect();
    await harness.connection.forgetServer();
    expect(harness.servers).toEqual(['flush', 'forget site']);
  });

  it('is not tried a third time when access is refused again', async () => {
    const harness = new ConnectionHarness();
    harness.secrets.secrets.set(account, 'secret');
    let tries = 0;
    const deed = harness.connection.run(async () => {
      tries++;
      throw refused('530 Too many connections.');
    }, asked);
    await expect(deed).rejects.toThrow('Too many');
    expect(tries).toBe(2);
  });
});
