import { readFile } from 'node:fs/promises';
import { type Clock, systemClock } from '../client/clock.ts';
import {
  type ClientLog,
  type ConnectOptions,
  defaultTimeouts,
  type TimeoutName,
  type Timeouts,
} from '../client/connectOptions.ts';
import { FtpsError } from '../client/errors.ts';
import { FtpsClient } from '../client/ftpsClient.ts';
import { keyFile, readClientCertificate, readText, wrongPassphrase } from './clientCertificate.ts';
import { RemoteError } from './errors.ts';
import { KnownServer } from './knownServer.ts';
import type { Profile } from './profile.ts';
import type { RemoteClient } from './remoteClient.ts';
import { RemoteFileSystem } from './remoteFileSystem.ts';
import { untilAborted } from './requests.ts';
import type { KeepLocalCopy } from './safeSave.ts';
import { SessionPool } from './sessionPool.ts';

export interface OpenRemoteOptions {
  /** Asked for every session; undefined gives up. */
  readonly password: () => Promise<string | undefined>;
  /** SHA-256 of the certificate that the user trusts for this host and port. */
  readonly pin?: () => Promise<string | undefined>;
  /** Of the key of the client certificate, where the profile names one; undefined where none is known. */
  readonly passphrase?: () => Promise<string | undefined>;
  readonly clock?: Clock;
  readonly log?: ClientLog;
  readonly keepLocalCopy?: KeepLocalCopy;
  /** What earlier connections learnt about this server; what this one learns is added to it. */
  readonly known?: KnownServer;
}

/** Logs in with one session, so that what is wrong shows at once; more are opened as work asks for them. */
export async function openRemote(
  profile: Profile,
  options: OpenRemoteOptions,
  signal?: AbortSignal,
): Promise<RemoteFileSystem> {
  const { clock = systemClock, log } = options;
  const known = options.known ?? new KnownServer({ clock, log });
  const connect = async (stop: AbortSignal): Promise<RemoteClient> => {
    // A question to the user may never be answered; giving up must not wait for it.
    const settled = await untilAborted(connectOptions(profile, options), '/', stop);
    try {
      return await known.open((traits) => FtpsClient.connect({ ...settled, traits }, stop));
    } catch (error) {
      throw lockedCertificate(profile, settled, error) ?? error;
    }
  };
  const pool = new SessionPool(connect, {
    limit: profile.connections,
    keepAlive: profile.keepAlive > 0 ? profile.keepAlive * 1000 : undefined,
    learntLimit: known.learntLimit,
    onLimitLearnt: (limit) => known.learnLimit(limit),
    clock,
    ...(log ? { log } : {}),
  });
  const files = new RemoteFileSystem(pool, {
    clock,
    keepLocalCopy: options.keepLocalCopy,
    segmentedTransfers: profile.segmentedTransfers,
  });
  try {
    await files.connect(signal);
    return files;
  } catch (error) {
    await files.close();
    throw error;
  }
}

/** What the client needs for one session; secrets and files are read now, not kept. */
async function connectOptions(profile: Profile, options: OpenRemoteOptions): Promise<ConnectOptions> {
  const authorities = await readAuthorities(profile.tls.ca);
  const files = profile.tls.clientCertificate;
  const clientCertificate = files && (await readClientCertificate(files, await options.passphrase?.()));
  const pin = await options.pin?.();
  const password = await options.password();
  if (password === undefined) {
    throw new RemoteError('cancelled', '/', `No password was given for ${profile.user} on ${profile.host}.`);
  }
  const { servername, minVersion, maxVersion } = profile.tls;
  return {
    host: profile.host,
    port: profile.port,
    security: profile.security,
    user: profile.user,
    password,
    tls: {
      ...(servername ? { servername } : {}),
      ...(minVersion ? { minVersion } : {}),
      ...(maxVersion ? { maxVersion } : {}),
      ...(authorities.length > 0 ? { ca: authorities } : {}),
      ...(pin ? { pinnedFingerprint: pin } : {}),
      ...(clientCertificate ? { clientCertificate } : {}),
    },
    ...profile.dialogue,
    timeouts: inMilliseconds(profile.timeouts),
    ...(options.clock ? { clock: options.clock } : {}),
    ...(options.log ? { log: options.log } : {}),
  };
}

/** Node 20 forgets the company's authorities that its environment names as soon as it is given further ones. */
async function readAuthorities(files: readonly string[]): Promise<readonly string[]> {
  const company = process.env['NODE_EXTRA_CA_CERTS'];
  const further = await Promise.all(files.map((file) => readText(file, 'tls.ca')));
  if (further.length === 0 || !company) return further;
  // One that cannot be read is Node's to warn of.
  const known = await readFile(company, 'utf8').catch(() => '');
  return known === '' ? further : [...further, known];
}

/** A PKCS #12 bundle shows only when it is used that its passphrase is missing or wrong. */
function lockedCertificate(
  profile: Profile,
  options: ConnectOptions,
  error: unknown,
): RemoteError | undefined {
  const files = profile.tls.clientCertificate;
  const isUnusable = error instanceof FtpsError && error.kind === 'invalidArgument' && error.step === 'tls';
  if (!files || !('pfx' in files) || !isUnusable) return undefined;
  return wrongPassphrase(keyFile(files), options.tls?.clientCertificate?.passphrase !== undefined, error);
}

function inMilliseconds(seconds: Profile['timeouts']): Partial<Timeouts> {
  const limits: Partial<Record<TimeoutName, number>> = {};
  for (const name of Object.keys(defaultTimeouts).filter(isTimeoutName)) {
    const value = seconds[name];
    if (value !== undefined) limits[name] = value * 1000;
  }
  return limits;
}

function isTimeoutName(name: string): name is TimeoutName {
  return name in defaultTimeouts;
}
