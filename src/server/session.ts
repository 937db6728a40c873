import type { X509Certificate } from 'node:crypto';
import { redactCommand } from '../protocol/command.ts';
import { formatReply } from '../protocol/reply.ts';
import type { ClientTrust } from './clientCertificates.ts';
import type { Clock, Limit } from './clock.ts';
import type { Received } from './commandLines.ts';
import { type Answer, type CommandTable, UNKNOWN_COMMAND } from './commands/command.ts';
import type { ControlChannel } from './controlChannel.ts';
import { DataPort } from './dataPort.ts';
import type { Faults } from './faults/faults.ts';
import type { Folder } from './folder.ts';
import { replyToFailure } from './folderError.ts';
import type { ServerLimits, ServerSettings } from './serverOptions.ts';
import { newState, type SessionState } from './sessionState.ts';
import { createIdentity, type IdentityOptions, type TlsIdentity } from './tlsIdentity.ts';

/** What all sessions of a server have in common. */
export interface SessionSurroundings {
  readonly settings: ServerSettings;
  readonly limits: ServerLimits;
  readonly folder: Folder;
  readonly commands: CommandTable;
  readonly tls: IdentityOptions;
  readonly clients: ClientTrust;
  readonly faults: Faults;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** Addresses and offsets survive only the commands that agree on a data connection. */
const BETWEEN_RESTART_AND_TRANSFER = new Set(['REST', 'PASV', 'EPSV', 'PORT', 'EPRT']);

/** S-10: the handshake has not begun, or its outcome will not do. */
const NO_TLS: Answer = [421, 'That is no TLS; goodbye.'];
const UNACCEPTABLE: Answer = [421, 'Your certificate is not accepted here; goodbye.'];

/** One control connection from the greeting to the goodbye. Commands are strictly sequential (S-23). */
export class Session {
  readonly surroundings: SessionSurroundings;
  readonly channel: ControlChannel;
  readonly port = new DataPort();
  state: SessionState;
  /** Data connections under TLS, and how many of them resumed the session's TLS. */
  dataConnections = 0;
  resumed = 0;
  /** Wrong passwords so far; neither AUTH nor REIN makes them forgotten. */
  failedLogins = 0;
  /** Why the client is turned away, if it is. */
  readonly turnedAway: string | undefined;
  #identity: TlsIdentity | undefined;
  #certificate: X509Certificate | undefined;
  #leaving = false;
  /** The command that is being answered. */
  #verb = '';
  #replied: Promise<void> = Promise.resolve();

  constructor(channel: ControlChannel, surroundings: SessionSurroundings, turnedAway?: string) {
    this.channel = channel;
    this.surroundings = surroundings;
    this.turnedAway = turnedAway;
    this.state = this.#newState();
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

  get faults(): Faults {
    return this.surroundings.faults;
  }

  /** What the client showed when TLS was put on; kept when it is taken off by CCC. */
  get certificate(): X509Certificate | undefined {
    return this.#certificate;
  }

  /** S-15: a context, and with it a ticket key, of this control connection only, so that no other session's tickets resume. */
  get identity(): TlsIdentity {
    this.#identity ??= createIdentity(this.surroundings.tls);
    return this.#identity;
  }

  /** S-29: data connections show the same certificate. */
  get dataIdentity(): TlsIdentity {
    return this.faults.dataIdentity(this.surroundings.tls) ?? this.identity;
  }

  /** A time limit by its name. */
  limit(name: 'idle' | 'reply' | 'handshake' | 'dataConnect' | 'dataIdle' | 'dataClose'): Limit {
    return (expire) => this.surroundings.clock.after(this.surroundings.limits[name], expire);
  }

  /** Lets milliseconds pass, or with none given all the time until the client leaves; never more than that. */
  readonly wait = async (milliseconds?: number): Promise<void> => {
    let cancel = (): void => {};
    const passed = new Promise<void>((resolve) => {
      if (milliseconds !== undefined) cancel = this.surroundings.clock.after(milliseconds, resolve);
    });
    await Promise.race([passed, this.channel.gone]);
    cancel();
  };

  /** Serves the client until one of both leaves. */
  async run(): Promise<void> {
    try {
      const refused = await this.#open();
      if (refused) await this.reply(refused);
      else if (this.turnedAway !== undefined) await this.reply([421, this.turnedAway]);
      else await this.#serve();
      this.port.close();
      await this.channel.close(this.limit('dataClose'));
    } catch (error) {
      this.surroundings.log(`session ended: ${String(error)}`);
    } finally {
      this.port.close();
      this.channel.destroy();
    }
  }

  /** Resolves when the reply has left. One leaves after another, also when one comes in between. */
  reply([code, lines]: Answer): Promise<void> {
    this.surroundings.log(`< ${code} ${typeof lines === 'string' ? lines : lines.join(' | ')}`);
    const sound = { verb: this.#verb, code, text: formatReply(code, lines) };
    this.#replied = this.#replied.then(async () => {
      const outgoing = await this.faults.reply(sound, this.wait);
      if (outgoing) await this.channel.send(outgoing.text, this.limit('reply'), outgoing.bytesAtATime);
    });
    return this.#replied;
  }

  /**
   * Puts TLS on. S-9: what was agreed upon before is void. S-10: the answer is what ends the session, if something does.
   * @throws Error when the handshake breaks off; the connection is then gone.
   */
  async secure(): Promise<Answer | undefined> {
    this.reset();
    await this.faults.handshake('control', this.wait);
    if (!(await this.channel.secure(this.identity, this.limit('handshake')))) {
      // S-1: whoever speaks no TLS is told nothing on implicit.
      if (this.implicit) throw new Error('The client began no TLS.');
      return NO_TLS;
    }
    this.#certificate = this.channel.tls?.getPeerX509Certificate();
    const { clients, clock } = this.surroundings;
    return clients.accepts(this.#certificate, clock.now()) ? undefined : UNACCEPTABLE;
  }

  /** S-26: takes TLS off the control connection, and leaves everything else as it is. @throws Error when the client leaves */
  async clear(): Promise<void> {
    await this.channel.unsecure(this.limit('handshake'));
    this.channel.readClear();
  }

  /** S-4: as the TCP connection was when it had just been opened. @throws Error when the client leaves. */
  async reinitialize(): Promise<Answer | undefined> {
    this.reset();
    await this.channel.unsecure(this.limit('handshake'));
    // S-5: tickets from before mean nothing now, and none is asked for.
    this.#identity = undefined;
    this.#certificate = undefined;
    if (this.implicit) return (await this.secure()) ?? this.#greeting;
    this.channel.readClear();
    return undefined;
  }

  /** After the reply to the present command the session is over. */
  leave(): void {
    this.#leaving = true;
  }

  reset(): void {
    this.port.close();
    this.state = this.#newState();
  }

  get #greeting(): Answer {
    return [220, this.settings.greeting];
  }

  #newState(): SessionState {
    return this.faults.state(newState(this.implicit));
  }

  /** Up to where commands can be read, the greeting included. The answer is what ends the session, if something does. */
  async #open(): Promise<Answer | undefined> {
    if (!this.implicit) this.channel.readClear();
    const early = !this.implicit || this.faults.greetsBeforeTls;
    if (early && this.turnedAway === undefined) await this.reply(this.#greeting);
    const refused = this.implicit ? await this.secure() : undefined;
    if (!refused && !early && this.turnedAway === undefined) await this.reply(this.#greeting);
    return refused;
  }

  async #serve(): Promise<void> {
    while (!this.#leaving) {
      const idle = new AbortController();
      // S-27: idle is between commands only, never during one.
      const cancel = this.limit('idle')(() => idle.abort());
      const received = await this.channel.next(() => true, idle.signal);
      cancel();
      this.#verb = '';
      if (received) await this.#execute(received);
      else if (idle.signal.aborted) return this.reply([421, 'Idle for too long; goodbye.']);
      else return;
    }
  }

  async #execute(received: Received): Promise<void> {
    if ('overlong' in received) return this.reply([500, 'The line is too long.']);
    const { verb, argument } = received;
    this.#verb = verb;
    this.surroundings.log(`> ${redactCommand(argument === '' ? verb : `${verb} ${argument}`)}`);
    const answer = await this.#answer(verb, argument);
    if (!BETWEEN_RESTART_AND_TRANSFER.has(verb)) this.state.restart = 0;
    if (verb !== 'RNFR') this.state.renameFrom = undefined;
    if (answer) await this.reply(answer);
  }

  async #answer(verb: string, argument: string): Promise<Answer | undefined> {
    const command = this.surroundings.commands[verb];
    if (!command || this.settings.hidden.has(verb)) return UNKNOWN_COMMAND;
    if (command.needsLogin === true && !this.state.loggedIn) return [530, 'Log in with USER and PASS first.'];
    if (command.needsArgument === true && argument.trim() === '') return [501, 'An argument is missing.'];
    try {
      return await command.run(this, argument);
    } catch (error) {
      if (this.channel.ended) throw error;
      this.surroundings.log(`${verb} failed: ${String(error)}`);
      return replyToFailure(error);
    }
  }
}
