import { plainText } from './plainText.ts';

/** What an error says, for people. */
export function errorText(error: unknown): string {
  return plainText(error instanceof Error ? error.message : String(error));
}
