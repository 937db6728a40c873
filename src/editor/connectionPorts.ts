import { join } from 'node:path';
import { type LogOutputChannel, workspace } from 'vscode';
import type { Clock } from '../client/clock.ts';
import { RemoteError } from '../remote/errors.ts';
import type { Profile } from '../remote/profile.ts';
import type { ServerTraitsStore } from '../remote/serverTraitsStore.ts';
import type { CertificateTrust } from './certificateTrust.ts';
import type { ConnectionPorts } from './connection.ts';
import type { Credentials } from './credentials.ts';
import { LazyValue } from './lazyValue.ts';
import { keepLocalCopy } from './localCopies.ts';
import { prompts } from './prompts.ts';
import { SandboxStopped } from './sandboxStopped.ts';

export interface PortsOptions {
  readonly credentials: Credentials;
  readonly trust: CertificateTrust;
  readonly prepared: Promise<void> | undefined;
  /** Whether a connection leads to the sandbox server while that does not run. */
  readonly isStoppedSandbox: (profile: Profile) => Promise<boolean>;
  /** A local folder of the product's own. */
  readonly storage: string;
  readonly clock: Clock;
  readonly log: LogOutputChannel;
}

/** What connections need of VS Code and of the layers below. */
export function createPorts(options: PortsOptions): ConnectionPorts {
  const { credentials, trust, prepared, isStoppedSandbox, storage, clock, log } = options;
  const servers = new LazyValue(() => openStore(options));
  return {
    open: async (profile, { password, passphrase, pinnedFingerprint }, signal) => {
      // The client and all that lies between, which nobody needs who does not connect.
      const { openRemote } = await import('../remote/connect.ts');
      try {
        return await openRemote(
          profile,
          {
            password: async () => password,
            passphrase: async () => passphrase,
            pin: async () => pinnedFingerprint,
            clock,
            log,
            known: await (await servers.get()).recall(profile),
            keepLocalCopy: (path, content) => keepLocalCopy(join(storage, 'saving'), path, content, log),
          },
          signal,
        );
      } catch (error) {
        if (!(error instanceof RemoteError) || error.kind !== 'unavailable') throw error;
        throw (await isStoppedSandbox(profile)) ? new SandboxStopped(error) : error;
      }
    },
    prepared,
    credentials,
    trust,
    servers: {
      forget: async (profile) => (await servers.get()).forget(profile),
      flush: async () => (await servers.begun)?.flush(),
    },
    prompts,
    mayConnectUnasked: () => workspace.isTrusted,
    now: () => clock.now(),
  };
}

async function openStore({ storage, clock, log }: PortsOptions): Promise<ServerTraitsStore> {
  const { ServerTraitsStore } = await import('../remote/serverTraitsStore.ts');
  return new ServerTraitsStore({ folder: join(storage, 'servers'), clock, log });
}
