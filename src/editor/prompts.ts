import { CancellationTokenSource, window } from 'vscode';
import type { Profile } from '../remote/profile.ts';
import { trustQuestion } from './certificateText.ts';
import type { ConnectionPrompts } from './connection.ts';
import { plainText } from './plainText.ts';

/** The questions of a connection, as VS Code asks them. */
export const prompts: ConnectionPrompts = {
  password(profile, refusal, signal) {
    const title = `Password for ${profile.user}@${profile.host}`;
    const kept = "Kept in the keychain, or else in VS Code's secret storage; never in settings.";
    return askSecret(title, refusal ?? kept, signal);
  },

  passphrase(profile, reason, signal) {
    const title = `Passphrase of the client certificate for ${profile.user}@${profile.host}`;
    return askSecret(title, reason, signal);
  },

  async trust(profile, certificate) {
    const { message, detail, accept } = trustQuestion(profile.host, profile.port, certificate);
    return isAccepted(message, detail, accept);
  },

  async clearText(profile) {
    const accept = 'Connect Without Encryption';
    const detail = `Everything that is sent to ${place(profile)}, the password too, can be read and changed on the way. Choose explicit or implicit security where the server has it.`;
    const message = `"${profile.name}" is not encrypted.`;
    return isAccepted(message, detail, accept);
  },
};

/** The box closes when the signal takes the question back. */
async function askSecret(title: string, prompt: string, signal?: AbortSignal): Promise<string | undefined> {
  const source = new CancellationTokenSource();
  const takeBack = (): void => source.cancel();
  signal?.addEventListener('abort', takeBack, { once: true });
  try {
    return await window.showInputBox(
      { title, prompt: plainText(prompt), password: true, ignoreFocusOut: true },
      source.token,
    );
  } finally {
    signal?.removeEventListener('abort', takeBack);
    source.dispose();
  }
}

/** Enter presses the first button, so that the one that goes on must be the second. */
async function isAccepted(message: string, detail: string, accept: string): Promise<boolean> {
  const chosen = await window.showWarningMessage(message, { modal: true, detail }, 'Do Not Connect', accept);
  return chosen === accept;
}

function place({ host, port }: Profile): string {
  return `${host}:${port}`;
}
