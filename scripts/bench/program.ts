import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onProcessors } from './processors.ts';
import type { Stage } from './stage.ts';

/** What a program took from its start to its end. */
export interface Usage {
  /** Seconds. */
  readonly wall: number;
  readonly cpu: number;
  /** MiB, with whatever it needs to run at all. */
  readonly peak: number;
}

export interface Command {
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Milliseconds. */
const limit = 300_000;

/** @throws Error with the program's own words when it fails */
export async function runProgram(stage: Stage, side: 'client' | 'server', command: Command): Promise<Usage> {
  const file = join(stage.folder, `usage-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const measured = ['/usr/bin/python3', join(import.meta.dirname, 'measured.py'), file, ...command.words];
  // Neither the user's settings nor a proxy have a say.
  const env = { PATH: process.env['PATH'], HOME: stage.folder, LC_ALL: 'C.UTF-8', ...command.environment };
  try {
    const options = { env, timeout: limit, maxBuffer: 256 * 1024 * 1024 };
    await promisify(execFile)(
      '/usr/bin/env',
      [...stage.network.inside(side, onProcessors('client', measured))],
      options,
    ).catch(
      // The message of Node has the whole command in it, and with it the password.
      (error: { code?: unknown; stderr?: unknown }) => {
        throw new Error(
          `${command.words[0]} ended with ${String(error.code)}: ${String(error.stderr).trim()}`,
        );
      },
    );
    const usage: Usage = JSON.parse(await readFile(file, 'utf8'));
    return usage;
  } finally {
    await rm(file, { force: true });
  }
}
