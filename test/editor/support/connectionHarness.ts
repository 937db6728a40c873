import { Connection, type Access } from '../../../src/editor/connection.ts';
import { CertificateTrust } from '../../../src/editor/certificateTrust.ts';
import type { CertificateReport } from '../../../src/editor/certificateText.ts';
import { type Profile, readProfile } from '../../../src/remote/profile.ts';
import { RemoteFileSystem } from '../../../src/remote/remoteFileSystem.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { MemoryStore } from './memoryStore.ts';

export const certificate: CertificateReport = {
  subject: 'CN=ftp.example.com',
  issuer: 'CN=ftp.example.com',
  validFrom: 'Jan  1 00:00:00 2026 GMT',
  validTo: 'Jan  1 00:00:00 2027 GMT',
  names: ['ftp.example.com'],
  fingerprint: Array.from({ length: 32 }, () => 'AB').join(':'),
  problem: 'selfSigned',
  detail: 'DEPTH_ZERO_SELF_SIGNED_CERT',
};

export function profileOf(value: Readonly<Record<string, unknown>> = {}): Profile {
  const result = readProfile('site', { host: 'ftp.example.com', user: 'me', ...value });
  if (!result.ok) throw new Error(result.problems.join());
  return result.profile;
}

/** Files of a server that is never spoken to; only that it was closed can be seen. */
export class FakeFiles extends RemoteFileSystem {
  closed = false;

  constructor() {
    super({
      borrow: () => Promise.reject(new Error('A test of connections speaks to no server.')),
      close: async () => {
        this.closed = true;
      },
    });
  }
}

/** A connection whose server, user and clock a test plays. */
export class ConnectionHarness {
  readonly clock = new FakeClock();
  readonly secrets = new MemoryStore();
  readonly memory = new Map<string, unknown>();
  readonly trust = new CertificateTrust({
    get: (key) => this.memory.get(key),
    update: async (key, value) => void this.memory.set(key, value),
  });
  /** What was sent to the server, one item an attempt. */
  readonly attempts: Access[] = [];
  /** What was asked of the memory of servers. */
  readonly servers: string[] = [];
  /** The questions that the user saw. */
  readonly questions: string[] = [];
  passwords: (string | undefined)[] = [];
  passphrases: (string | undefined)[] = [];
  /** Whether the user answers at all. */
  answers = true;
  trusts = true;
  allowsClearText = true;
  mayConnectUnasked = true;
  /** How the server takes an attempt; resolves or throws. */
  serve: (access: Access, signal: AbortSignal) => Promise<RemoteFileSystem> = async () => new FakeFiles();
  readonly connection: Connection;

  constructor(profile = profileOf()) {
    this.connection = new Connection(profile, {
      open: async (_profile, access, signal) => {
        this.attempts.push(access);
        return this.serve(access, signal);
      },
      credentials: this.secrets,
      trust: this.trust,
      servers: {
        forget: async ({ name }) => void this.servers.push(`forget ${name}`),
        flush: async () => void this.servers.push('flush'),
      },
      prompts: {
        password: async (_profile, refusal, signal) => {
          this.questions.push(`password ${refusal ?? ''}`.trim());
          if (this.answers) return this.passwords.shift();
          return new Promise((resolve) => {
            signal?.addEventListener('abort', () => {
              this.questions.push('taken back');
              resolve(undefined);
            });
          });
        },
        passphrase: async (_profile, reason) => {
          this.questions.push(`passphrase ${reason}`);
          return this.passphrases.shift();
        },
        trust: async (_profile, report) => {
          this.questions.push(`trust ${report.problem}`);
          return this.answers ? this.trusts : new Promise(() => {});
        },
        clearText: async () => {
          this.questions.push('clear text');
          return this.answers ? this.allowsClearText : new Promise(() => {});
        },
      },
      mayConnectUnasked: () => this.mayConnectUnasked,
      now: () => this.clock.now(),
    });
  }
}
