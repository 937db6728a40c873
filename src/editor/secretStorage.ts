import type { ExtensionContext, LogOutputChannel } from 'vscode';
import type { Clock } from '../client/clock.ts';
import { Credentials } from './credentials.ts';
import { loadKeychain } from './keychainLibrary.ts';
import { KeychainStore } from './keychainStore.ts';
import { showInformation } from './messages.ts';

const toldKey = 'toldOfSecretStorage';

/** Where this computer keeps passwords: its keychain, else VS Code, of which the user is told once. */
export function createCredentials(
  context: Pick<ExtensionContext, 'asAbsolutePath' | 'globalState' | 'secrets'>,
  clock: Pick<Clock, 'after'>,
  log: LogOutputChannel,
): Credentials {
  const { globalState, secrets } = context;
  return new Credentials({
    openKeychain: () => new KeychainStore(loadKeychain(context.asAbsolutePath('dist/prebuilds')), clock),
    secrets: {
      get: async (account) => secrets.get(account),
      set: async (account, secret) => secrets.store(account, secret),
      delete: async (account) => secrets.delete(account),
    },
    announceFallback: (reason) => {
      log.warn(`The keychain cannot be used: ${reason}`);
      if (globalState.get(toldKey) === true) return;
      void globalState.update(toldKey, true);
      void tellOfFallback(log);
    },
  });
}

async function tellOfFallback(log: LogOutputChannel): Promise<void> {
  const message =
    "The keychain of this computer cannot be used. Passwords are kept in VS Code's own secret storage instead.";
  if ((await showInformation(message, 'Show Log')) !== undefined) log.show();
}
