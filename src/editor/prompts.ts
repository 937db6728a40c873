import { window } from 'vscode';
import type { Profile } from '../remote/profile.ts';
import { trustQuestion } from './certificateText.ts';
import type { ConnectionPrompts } from './connection.ts';

/** The questions of a connection, as VS Code asks them. */
export const prompts: ConnectionPrompts = {
  async password(profile, refusal) {
    return window.showInputBox({
      title: `Password for ${profile.user}@${profile.host}`,
      prompt: refusal ?? "Kept in the keychain, or else in VS Code's secret storage; never in settings.",
      password: true,
      ignoreFocusOut: true,
    });
  },

  async passphrase(profile, reason) {
    return window.showInputBox({
      title: `Passphrase of the client certificate for ${profile.user}@${profile.host}`,
      prompt: reason,
      password: true,
      ignoreFocusOut: true,
    });
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

/** Enter presses the first button, so that the one that goes on must be the second. */
async function isAccepted(message: string, detail: string, accept: string): Promise<boolean> {
  const options = { modal: true, detail };
  return (await window.showWarningMessage(message, options, 'Do Not Connect', accept)) === accept;
}

function place({ host, port }: Profile): string {
  return `${host}:${port}`;
}
