import type { Session } from '../session.ts';

/** A reply in the making: its code and its text, or the lines of a long one. */
export type Answer = readonly [code: number, lines: string | readonly string[]];

export const UNKNOWN_COMMAND: Answer = [500, 'Unknown command.'];

export interface Command {
  readonly needsLogin?: boolean;
  readonly needsArgument?: boolean;
  /** Nothing is answered when the command has replied by itself. Failures of the file system may be thrown. */
  readonly run: (session: Session, argument: string) => Promise<Answer | undefined> | Answer | undefined;
}

export type CommandTable = Readonly<Record<string, Command>>;
