import { spawn } from 'node:child_process';

const LIMIT_MILLISECONDS = 40_000;

/** What the program wrote to its standard output. @throws Error when it is not installed, fails or hangs. */
export async function run(
  program: string,
  aptPackage: string,
  parameters: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const child = spawn(program, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Neither the user's settings nor a proxy have a say.
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      ...variables,
    },
    timeout: LIMIT_MILLISECONDS,
    killSignal: 'SIGKILL',
  });
  const [output, errors]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(new Error(`${program} is missing; install it with: apt-get install ${aptPackage}`, { cause }));
    });
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  if (status !== 0) {
    throw new Error(`${program} ended with ${status}: ${Buffer.concat(errors).toString().trim()}`);
  }
  return Buffer.concat(output).toString();
}

/** The lines of a text that are not empty. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}
