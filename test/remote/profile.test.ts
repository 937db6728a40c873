import { describe, expect, it } from 'vitest';
import {
  credentialAccount,
  sendsPasswordInClear,
  hostKey,
  type Profile,
  readProfile,
  readProfiles,
} from '../../src/remote/profile.ts';

const smallest = { host: 'ftp.example.com', user: 'anna' };

function valid(value: unknown, name = 'site'): Profile {
  const result = readProfile(name, value);
  if (!result.ok) throw new Error(result.problems.join('; '));
  return result.profile;
}

function problemsOf(value: unknown, name = 'site'): readonly string[] {
  const result = readProfile(name, value);
  return result.ok ? [] : result.problems;
}

describe('a profile', () => {
  it('needs only host and user, and everything else has a default', () => {
    expect(valid(smallest)).toEqual({
      name: 'site',
      host: 'ftp.example.com',
      port: 21,
      security: 'explicit',
      user: 'anna',
      remotePath: '/',
      sync: [],
      tls: { ca: [] },
      dialogue: {},
      timeouts: {},
      connections: 4,
      keepAlive: 0,
      segmentedTransfers: false,
    });
  });

  it('uses port 990 by itself when security is implicit, and a port of its own where one is given', () => {
    expect(valid({ ...smallest, security: 'implicit' }).port).toBe(990);
    expect(valid({ ...smallest, security: 'implicit', port: 9990 }).port).toBe(9990);
    expect(valid({ ...smallest, security: 'none' }).port).toBe(21);
  });

  it('takes an address of IP version 6, with or without brackets', () => {
    expect(valid({ ...smallest, host: '[2001:db8::7]' }).host).toBe('2001:db8::7');
    expect(valid({ ...smallest, host: '::1' }).host).toBe('::1');
  });

  it.each([
    [{ port: 'abc' }, 'port must be a whole number from 1 to 65535, not "abc"'],
    [{ port: 0 }, 'port must be a whole number from 1 to 65535, not 0'],
    [{ port: 21.5 }, 'port must be a whole number from 1 to 65535, not 21.5'],
    [{ port: 65536 }, 'port must be a whole number from 1 to 65535, not 65536'],
    [{ security: 'ssl' }, 'security must be "explicit" or "implicit" or "none", not "ssl"'],
    [{ user: '' }, 'user is missing: the name to log in with'],
    [{ user: 7 }, 'user must be a text in quotes, not 7'],
    [{ user: 'a\r\nDELE x' }, 'user contains a line break or another control character'],
    [{ host: '' }, 'host is missing: the name or address of the server'],
    [{ host: 'ftps://example.com' }, 'host must be the bare name of the server, without "ftps://"'],
    [
      { host: 'example.com:990' },
      'host must not contain a port; write it in "port" (found "example.com:990")',
    ],
    [{ host: 'a@b' }, 'host must be the bare name or address of the server, not "a@b"'],
    [
      { host: 'example.com/www' },
      'host must be the bare name or address of the server, not "example.com/www"',
    ],
    [{ remotePath: 5 }, 'remotePath must be a text in quotes, not 5'],
    [{ encoding: 7 }, 'encoding must be a text in quotes, not 7'],
    [{ dataMode: 'port' }, 'dataMode must be "passive" or "active" or "auto", not "port"'],
    [{ login: { protection: 'soon' } }, /^login\.protection must be "beforeLogin" or .*, not "soon"$/],
    [{ requireProtectedData: 'no' }, 'requireProtectedData must be true or false, not "no"'],
    [{ tls: { clientCertificate: { cert: 'a.pem' } } }, /^tls\.clientCertificate needs the paths of either/],
    [{ implicitProt: true }, 'implicitProt must be "assume" or "send", not true'],
    [{ connections: 17 }, 'connections must be a whole number from 1 to 16, not 17'],
    [{ keepAlive: -1 }, 'keepAlive must be a whole number from 0 to 3600, not -1'],
    [{ segmentedTransfers: 'yes' }, 'segmentedTransfers must be true or false, not "yes"'],
    [{ pipelining: 'no' }, 'pipelining must be "auto" or "never", not "no"'],
    [{ tls: 'yes' }, 'tls must be an object, not "yes"'],
    [{ tls: { minVersion: 'TLSv1' } }, 'tls.minVersion must be "TLSv1.2" or "TLSv1.3", not "TLSv1"'],
    [
      { tls: { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' } },
      'tls.minVersion is higher than tls.maxVersion, so no version is left',
    ],
    [{ tls: { ca: 'ca.pem' } }, 'tls.ca must be a list of texts, not "ca.pem"'],
    [{ timeouts: { connect: -1 } }, 'timeouts.connect must be a whole number from 1 to 3600, not -1'],
    [{ sync: 'www' }, 'sync must be an object with "local" and "remote", not "www"'],
    [{ sync: [{ local: '/etc' }] }, 'sync[0].local must be relative to the workspace folder, not "/etc"'],
    [{ sync: { local: 'C:\\www' } }, 'sync.local must be relative to the workspace folder, not "C:\\\\www"'],
    [
      { sync: { local: 'a/../../b' } },
      'sync.local must stay inside the workspace folder, so it cannot contain ".."',
    ],
    [{ sync: { onSave: 'yes' } }, 'sync.onSave must be true or false, not "yes"'],
    [{ sync: { ignore: [1] } }, 'sync.ignore must be a list of texts, not [1]'],
    [{ sync: { direction: 'up' } }, 'sync.direction must be "toRemote" or "toLocal" or "both", not "up"'],
    [{ sync: [{ deleteExtra: 1 }] }, 'sync[0].deleteExtra must be true or false, not 1'],
    [{ sync: { onlyNewer: 'yes' } }, 'sync.onlyNewer must be true or false, not "yes"'],
    [{ sync: { existingOnly: 'no' } }, 'sync.existingOnly must be true or false, not "no"'],
    [{ sync: { watch: [1] } }, 'sync.watch must be true, false, or a list of texts, not [1]'],
    [{ sync: { deleteOnServer: null } }, 'sync.deleteOnServer must be true or false, not null'],
  ])('with %j is refused with one precise problem', (change, problem) => {
    expect(problemsOf({ ...smallest, ...change })).toEqual([
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    ]);
  });

  it('tells every problem at once', () => {
    expect(problemsOf({ port: 'x' })).toHaveLength(3);
  });

  it.each([undefined, null, 'ftp.example.com', [], 5])('is never anything but an object: %j', (value) => {
    expect(problemsOf(value)).toHaveLength(1);
  });

  it.each(['password', 'pass', 'passphrase'])(
    'that carries a %s is refused and says where secrets go',
    (field) => {
      const problems = problemsOf({ ...smallest, [field]: 'hunter2' });
      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain('keychain');
      expect(problems[0]).not.toContain('hunter2');
    },
  );

  it('with a field that nobody knows is valid and warns', () => {
    const result = readProfile('site', { ...smallest, prot: 990, tls: { verify: false } });
    expect(result.ok).toBe(true);
    expect(result.warnings.map((warning) => warning.split(' ')[0])).toEqual(['prot', 'tls.verify']);
  });

  it.each(['', ' ', 'a/b', 'a:b', 'a@b', 'a?b', 'a#b', 'a\nb', 'a\\b'])('cannot be called %j', (name) => {
    expect(problemsOf(smallest, name)).not.toEqual([]);
  });

  it('may have a name with spaces, dots and letters of any language', () => {
    expect(valid(smallest, 'Straße 7. (test)').name).toBe('Straße 7. (test)');
  });
});

describe('the sync of a profile', () => {
  it('is one mapping or a list of them', () => {
    const mapping = { local: 'public', remote: '/www' };
    const expected = {
      local: 'public',
      remote: '/www',
      ignore: [],
      direction: 'toRemote',
      deleteExtra: false,
      onlyNewer: false,
      existingOnly: false,
      onSave: true,
      watch: false,
      deleteOnServer: false,
    };
    expect(valid({ ...smallest, sync: mapping }).sync).toEqual([expected]);
    expect(valid({ ...smallest, sync: [mapping, mapping] }).sync).toEqual([expected, expected]);
  });

  it('counts a relative remote folder from the remote path of the profile', () => {
    const profile = valid({
      ...smallest,
      remotePath: '/home/anna',
      sync: [{ remote: 'www' }, { remote: '/srv' }, {}],
    });
    expect(profile.sync.map((mapping) => mapping.remote)).toEqual(['/home/anna/www', '/srv', '/home/anna']);
  });

  it('takes every option of a mapping as it is written', () => {
    const sync = {
      local: 'dist',
      remote: '/www',
      ignore: ['*.map'],
      direction: 'both',
      deleteExtra: true,
      onlyNewer: true,
      existingOnly: true,
      onSave: false,
      watch: true,
      deleteOnServer: true,
    };
    expect(valid({ ...smallest, sync }).sync).toEqual([sync]);
  });

  it.each<[unknown, object]>([
    ['dist/**', { watch: true, watchOnly: ['dist/**'] }],
    [['*.css', '!old.css'], { watch: true, watchOnly: ['*.css', '!old.css'] }],
    [[], { watch: false }],
    [true, { watch: true }],
  ])('that says what is watched as %j watches that', (watch, expected) => {
    const result = readProfile('site', { host: 'h', user: 'u', sync: { watch } });
    expect(result.ok && result.profile.sync[0]).toMatchObject(expected);
  });

  it.each(['onSave', 'watch', 'deleteOnServer'])(
    'that follows the server cannot have %s, and says which to remove',
    (field) => {
      const sync = { direction: 'toLocal', [field]: true };
      expect(problemsOf({ ...smallest, sync })).toEqual([
        `sync.${field} changes the server, which sync.direction "toLocal" rules out: remove one of them`,
      ]);
    },
  );

  it('uploads nothing on save where the local folder follows the server', () => {
    expect(valid({ ...smallest, sync: { direction: 'toLocal' } }).sync[0]?.onSave).toBe(false);
    expect(valid({ ...smallest, sync: { direction: 'both' } }).sync[0]?.onSave).toBe(true);
  });

  it('warns of an option that a mapping does not have', () => {
    const result = readProfile('site', { ...smallest, sync: [{ delete: true }] });
    expect(result.warnings.map((warning) => warning.split(' ')[0])).toEqual(['sync[0].delete']);
  });

  it('writes local folders with slashes whichever way they were given', () => {
    const sync = [{ local: 'a\\b' }, { local: './a/b/' }, { local: '.' }];
    expect(valid({ ...smallest, sync }).sync.map((mapping) => mapping.local)).toEqual(['a/b', 'a/b', '']);
  });
});

describe('several profiles', () => {
  it('are read one by one, so that a bad one never stops the others', () => {
    const results = readProfiles({ good: smallest, bad: {}, other: smallest });
    expect(results.map((result) => [result.name, result.ok])).toEqual([
      ['good', true],
      ['bad', false],
      ['other', true],
    ]);
  });

  it('are both invalid where their names differ only by case', () => {
    const results = readProfiles({ Site: smallest, site: smallest, third: smallest });
    expect(results.map((result) => result.ok)).toEqual([false, false, true]);
    expect(results[0]?.ok === false && results[0].problems[0]).toContain('"Site" and "site"');
  });
});

describe('the identity of a profile', () => {
  const profile = valid({ ...smallest, host: 'FTP.example.com', user: 'anna@example.com' });

  it('binds a secret to security, user, host and port, never to the name', () => {
    expect(credentialAccount(profile)).toBe('explicit://anna@example.com@ftp.example.com:21');
    expect(credentialAccount({ ...profile, port: 2121 })).not.toBe(credentialAccount(profile));
    expect(credentialAccount({ ...profile, security: 'none' })).not.toBe(credentialAccount(profile));
    expect(credentialAccount(valid({ ...smallest, user: 'anna@example.com' }, 'other'))).toBe(
      credentialAccount(profile),
    );
  });

  it('does not hand a password that was given for TLS to a profile that logs in before AUTH', () => {
    const early = valid({ ...smallest, login: { auth: 'afterLogin' } });
    expect(sendsPasswordInClear(early)).toBe(true);
    expect(credentialAccount(early)).not.toBe(credentialAccount(valid(smallest)));
    expect(sendsPasswordInClear(valid({ ...smallest, security: 'none' }))).toBe(true);
    expect(
      sendsPasswordInClear(valid({ ...smallest, security: 'implicit', login: { auth: 'afterLogin' } })),
    ).toBe(false);
  });

  it('binds a trusted certificate to host and port', () => {
    expect(hostKey(profile)).toBe('ftp.example.com:21');
  });
});
