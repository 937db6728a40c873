import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { ForeignServer, ServerSecurity, TlsVersion } from '../servers/foreignServer.ts';

/** What Python's ftplib met with on a server. */
export interface Testimony {
  readonly welcome: string;
  readonly tls: TlsVersion | null;
  readonly data: readonly { readonly tls: TlsVersion; readonly resumed: boolean }[];
  readonly lines: readonly string[];
  /** The file it fetched is the one it had stored. */
  readonly intact: boolean;
}

/** @throws Error with Python's words when any step fails */
export async function hearWitness(
  server: ForeignServer,
  security: ServerSecurity,
  resume = true,
): Promise<Testimony> {
  const { host, port, user, password, ca } = server;
  const script = fileURLToPath(new URL('witness.py', import.meta.url));
  const python = spawn('/usr/bin/python3', [script], { timeout: 40_000 });
  python.stdin.end(JSON.stringify({ host, port, user, password, ca, security, resume }));
  const [output, problem] = await Promise.all([text(python.stdout), text(python.stderr)]);
  if (output === '') throw new Error(`${server.name}: ${problem}\n${server.log()}`);
  const seen: Testimony = JSON.parse(output);
  return seen;
}
