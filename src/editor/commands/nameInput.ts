import { window } from 'vscode';
import { nameProblem } from '../nameProblem.ts';

export interface NameInput {
  readonly title: string;
  readonly value?: string;
  /** Names that the folder already holds. */
  readonly taken: ReadonlySet<string>;
}

/** Asks for the name of a remote file or folder. */
export async function askName({ title, value = '', taken }: NameInput): Promise<string | undefined> {
  const dot = value.lastIndexOf('.');
  return window.showInputBox({
    title,
    value,
    valueSelection: [0, dot > 0 ? dot : value.length],
    prompt: 'Name on the server',
    validateInput: (name) => (name === value ? undefined : nameProblem(name, taken)),
  });
}
