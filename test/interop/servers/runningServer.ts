import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { ProcessGroup } from '../support/processGroup.ts';
import type { ForeignServer, ServerCommand, ServerName, ServerSecurity } from './foreignServer.ts';
import type { Workplace } from './workplace.ts';

/** Milliseconds. They come up within one second; the rest is for a loaded machine. */
const startLimit = 30_000;
const startInterval = 20;

export class RunningServer implements ForeignServer {
  readonly name: ServerName;
  readonly host: string;
  readonly remoteRoot = '/';
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly root: string;
  readonly ca: string;
  readonly owner: { readonly uid: number; readonly gid: number };
  readonly #workplace: Workplace;
  readonly #processes: ProcessGroup;

  private constructor(name: ServerName, workplace: Workplace, { command, args }: ServerCommand) {
    this.name = name;
    this.host = workplace.host;
    this.port = workplace.port;
    this.root = workplace.root;
    this.ca = workplace.ca;
    this.owner = workplace.paths.account;
    this.user = workplace.paths.account.user;
    this.password = workplace.paths.account.password;
    this.#workplace = workplace;
    this.#processes = new ProcessGroup(command, args, workplace.environment, workplace.folder);
  }

  /** Resolves once the server greets. */
  static async start(
    name: ServerName,
    security: ServerSecurity,
    workplace: Workplace,
    command: ServerCommand,
  ): Promise<RunningServer> {
    const server = new RunningServer(name, workplace, command);
    const limit = Date.now() + startLimit;
    while (!(await greets(server, security))) {
      if (!server.#processes.running || Date.now() > limit) {
        const log = server.log();
        await server.stop();
        throw new Error(`${name} does not come up: ${log.trim() || 'it says nothing'}`);
      }
      await setTimeout(startInterval);
    }
    return server;
  }

  log(): string {
    return readFileSync(this.#workplace.logFile, 'utf8') + this.#processes.output;
  }

  async stop(): Promise<void> {
    await this.#processes.kill();
    await this.#workplace.remove();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function greets({ host, port }: ForeignServer, security: ServerSecurity): Promise<boolean> {
  return new Promise((resolve) => {
    const target = { host, port };
    const socket =
      security === 'implicit' ? connectTls({ ...target, rejectUnauthorized: false }) : connectTcp(target);
    socket.once('data', (chunk) => {
      resolve(chunk.toString().startsWith('220'));
      socket.end('QUIT\r\n');
    });
    socket.once('error', () => socket.destroy());
    socket.once('close', () => resolve(false));
    socket.setTimeout(5_000, () => socket.destroy());
  });
}
