import type { Transform } from 'node:stream';
import type { CommandTable } from '../commands/command.ts';
import type { ServerOptions } from '../serverOptions.ts';
import type { SessionState } from '../sessionState.ts';
import type { IdentityOptions, TlsIdentity } from '../tlsIdentity.ts';
import { type FaultKind, faultCatalogue, isFaultName } from './faultCatalogue.ts';
import type { FaultEffects, OutgoingReply, Wait } from './faultEffects.ts';

/** The faults that a server was told to have, asked at the points where they act. With none, everything is sound. */
export class Faults {
  readonly #effects: readonly FaultEffects[];

  private constructor(effects: readonly FaultEffects[]) {
    this.#effects = effects;
  }

  /** @throws Error for a fault that is not known, or a parameter that means nothing. */
  static async of(choices: readonly string[] = []): Promise<Faults> {
    const effects: FaultEffects[] = [];
    for (const choice of choices) effects.push(await effectsOf(choice));
    return new Faults(effects);
  }

  /** The options, and those that the faults need. */
  options(sound: ServerOptions): ServerOptions {
    return this.#effects.reduce<ServerOptions>(
      (options, { options: needed = {} }) => ({
        ...options,
        hide: [...(options.hide ?? []), ...(needed.hide ?? [])],
        limits: { ...options.limits, ...needed.limits },
      }),
      sound,
    );
  }

  commands(sound: CommandTable): CommandTable {
    return this.#effects.reduce((table, { commands }) => commands?.(table) ?? table, sound);
  }

  state(sound: SessionState): SessionState {
    return this.#effects.reduce((state, effect) => effect.state?.(state) ?? state, sound);
  }

  /** What leaves in place of the sound reply; undefined for nothing. */
  async reply(sound: OutgoingReply, wait: Wait): Promise<OutgoingReply | undefined> {
    let reply: OutgoingReply | undefined = sound;
    for (const effect of this.#effects) {
      if (reply && effect.reply) reply = await effect.reply(reply, wait);
    }
    return reply;
  }

  async handshake(connection: 'control' | 'data', wait: Wait): Promise<void> {
    for (const { handshake } of this.#effects) await handshake?.(connection, wait);
  }

  get greetsBeforeTls(): boolean {
    return this.#effects.some((effect) => effect.greetsBeforeTls === true);
  }

  /** What data connections show themselves as, where it is not what the control connection does. */
  dataIdentity(options: IdentityOptions): TlsIdentity | undefined {
    const create = this.#effects.findLast(({ data }) => data?.identity)?.data?.identity;
    return create?.(options);
  }

  /** What becomes of the bytes on their way. */
  conversions(direction: 'sent' | 'received'): Transform[] {
    return this.#effects.flatMap(({ data }) => data?.[direction]?.() ?? []);
  }

  get withoutCloseNotify(): boolean {
    return this.#effects.some(({ data }) => data?.withoutCloseNotify === true);
  }
}

function effectsOf(choice: string): FaultEffects | Promise<FaultEffects> {
  const end = choice.indexOf('=');
  const name = end < 0 ? choice : choice.slice(0, end);
  const parameter = end < 0 ? undefined : choice.slice(end + 1);
  if (!isFaultName(name))
    throw new Error(`${name} is no fault; there are ${Object.keys(faultCatalogue).join(', ')}`);
  const kind: FaultKind = faultCatalogue[name];
  if (parameter !== undefined && !kind.parameter) throw new Error(`${name} takes no parameter`);
  return kind.effects(parameter ?? kind.parameter?.standard ?? '');
}
