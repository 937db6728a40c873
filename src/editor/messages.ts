import { window } from 'vscode';
import { plainText } from './plainText.ts';

/** Tells something, and offers choices. @returns the one that was taken */
export function showInformation(text: string, ...choices: readonly string[]): Thenable<string | undefined> {
  return window.showInformationMessage(plainText(text), ...choices);
}

/** As `showInformation`, for what the user should not overlook. */
export function showWarning(text: string, ...choices: readonly string[]): Thenable<string | undefined> {
  return window.showWarningMessage(plainText(text), ...choices);
}

/** As `showInformation`, for what has failed. */
export function showError(text: string, ...choices: readonly string[]): Thenable<string | undefined> {
  return window.showErrorMessage(plainText(text), ...choices);
}
