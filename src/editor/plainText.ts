/**
 * The text for a message, a prompt or a progress, where VS Code makes a link of `[words](command:…)`, and a click on it
 * runs that command with whatever it says. Words of a server and names of files must never become one.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (');
}
