import type { SecureContextOptions } from 'node:tls';
import { redactCommand } from '../protocol/command.ts';
import type { Clock } from './clock.ts';
import type { Answer, CommandTable } from './commands/command.ts';
import type { ControlChannel, Received } from './controlChannel.ts';
import { DataPort } from './dataPort.ts';
import type { Folder } from './folder.ts';
import { replyToFailure } from './folderError.ts';
import type { ServerLimits, ServerSettings } from './serverOptions.ts';
import { createIdentity, type TlsIdentity } from './tlsIdentity.ts';
import { newState, type SessionState } from './sessionState.ts';

/** What all sessions of a server have in common. */
export interface SessionSurroundings {
  readonly settings: ServerSettings;
  readonly limits: ServerLimits;
  readonly folder: Folder;
  readonly commands: CommandTable;
  readonly tls: SecureContextOptions;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** Addresses and offsets survive only the commands that agree on a data connection. */
const BETWEEN_RESTART_AND_TRANSFER = new Set(['REST', 'PASV', 'EPSV', 'PORT', 'EPRT']);

/** One control connection from the greeting to the goodbye. Commands are strictly sequential (S-23). */
export class Session {
  readonly surroundings: SessionSurroundings;
  readonly channel: ControlChannel;
  readonly port = new DataPort();
  state: SessionState;
  /** Data connections under TLS, and how many of them resumed the session's TLS. */
  dataConnections = 0;
  resumed = 0;
  #identity: TlsIdentity | undefined;
  #leaving = false;

  constructor(channel: ControlChannel, surroundings: SessionSurroundings) {
    this.channel = channel;
    this.surroundings = surroundings;
    this.state = newState(this.implicit);
  }

  get settings(): ServerSettings {
    return this.surroundings.settings;
  }

  get folder(): Folder {
    return this.surroundings.folder;
  }

  get implicit(): boolean {
    return this.settings.security === 'implicit';
  }

  /** S-15: a context, and with it a ticket key, of this control connection only, so that no other session's tickets resume. */
  get identity(): TlsIdentity {
    this.#identity ??= createIdentity(this.surroundings.tls);
    return this.#identity;
  }

  /** A time limit by its name. */
  limit(name: 'idle' | 'handshake' | 'dataConnect' | 'dataClose'): (expire: () => void) => () => void {
    return (expire) => this.surroundings.clock.after(this.surroundings.limits[name], expire);
  }

  /** Serves the client until one of both leaves. With `busy`, says only that there is no room. */
  async run(busy = false): Promise<void> {
    try {
      if (this.implicit) await this.secure();
      else this.channel.readClear();
      if (busy) await this.reply([421, 'Too many sessions; try again later.']);
      else await this.#serve();
      this.port.close();
      await this.channel.close(this.limit('dataClose'));
    } catch (error) {
      this.surroundings.log(`session ended: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      this.port.close();
      this.channel.destroy();
    }
  }

  async reply([code, lines]: Answer): Promise<void> {
    this.surroundings.log(`< ${code} ${typeof lines === 'string' ? lines : lines.join(' | ')}`);
    await this.channel.send(code, lines);
  }

  /** Puts TLS on. S-9: what was agreed upon before is void. */
  async secure(): Promise<void> {
    this.reset();
    await this.channel.secure(this.identity, this.limit('handshake'));
  }

  /** S-4: as the TCP connection was when it had just been opened. */
  async reinitialize(): Promise<void> {
    this.reset();
    await this.channel.unsecure(this.limit('handshake'));
    // S-5: tickets from before mean nothing now, and none is asked for.
    this.#identity = undefined;
    if (this.implicit) {
      await this.secure();
      await this.greet();
    } else {
      this.channel.readClear();
    }
  }

  greet(): Promise<void> {
    return this.reply([220, this.settings.greeting]);
  }

  /** After the reply to the present command the session is over. */
  leave(): void {
    this.#leaving = true;
  }

  reset(): void {
    this.port.close();
    this.state = newState(this.implicit);
  }

  async #serve(): Promise<void> {
    await this.greet();
    while (!this.#leaving) {
      let expired = false;
      // S-27: idle is between commands only, never during one.
      const cancel = this.limit('idle')(() => {
        expired = true;
        this.channel.stopWaiting();
      });
      const received = await this.channel.next();
      cancel();
      if (received) await this.#execute(received);
      else if (expired) return this.reply([421, 'Idle for too long; goodbye.']);
      else return;
    }
  }

  async #execute(received: Received): Promise<void> {
    if ('overlong' in received) return this.reply([500, 'The line is too long.']);
    const { verb, argument } = received;
    this.surroundings.log(`> ${redactCommand(argument === '' ? verb : `${verb} ${argument}`)}`);
    const answer = await this.#answer(verb, argument);
    if (!BETWEEN_RESTART_AND_TRANSFER.has(verb)) this.state.restart = 0;
    if (verb !== 'RNFR') this.state.renameFrom = undefined;
    if (answer) await this.reply(answer);
  }

  async #answer(verb: string, argument: string): Promise<Answer | undefined> {
    const command = this.surroundings.commands[verb];
    if (!command || this.settings.hidden.has(verb)) return [500, 'Unknown command.'];
    if (command.needsLogin === true && !this.state.loggedIn) return [530, 'Log in with USER and PASS first.'];
    if (command.needsArgument === true && argument.trim() === '') return [501, 'An argument is missing.'];
    try {
      return await command.run(this, argument);
    } catch (error) {
      if (this.channel.ended) throw error;
      this.surroundings.log(`${verb} failed: ${error instanceof Error ? error.message : String(error)}`);
      return replyToFailure(error);
    }
  }
}
