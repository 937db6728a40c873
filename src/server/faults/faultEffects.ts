import type { Transform } from 'node:stream';
import type { CommandTable } from '../commands/command.ts';
import type { ServerOptions } from '../serverOptions.ts';
import type { SessionState } from '../sessionState.ts';
import type { IdentityOptions, TlsIdentity } from '../tlsIdentity.ts';

/** A reply that is about to leave. */
export interface OutgoingReply {
  /** The command that it answers, in upper case; empty for the greeting and for farewells without being asked. */
  readonly verb: string;
  readonly code: number;
  /** With line ends. */
  readonly text: string;
  /** So many leave in one packet; all where absent. */
  readonly bytesAtATime?: number;
}

/** Lets milliseconds pass, or with none given all the time that the client stays. */
export type Wait = (milliseconds?: number) => Promise<void>;

/** What can go wrong on data connections. */
interface DataFaults {
  /** Changes to the bytes of downloads and listings. */
  readonly sent?: () => Transform;
  /** Changes to the bytes of uploads. */
  readonly received?: () => Transform;
  /** Downloads end in FIN without close_notify. */
  readonly withoutCloseNotify?: boolean;
  /** Another identity than that of the control connection. */
  readonly identity?: (options: IdentityOptions) => TlsIdentity;
}

/** The points at which a fault acts. What is absent happens as it should. */
export interface FaultEffects {
  /** Options of the server that the fault needs. */
  readonly options?: Partial<ServerOptions>;
  /** Commands in place of the sound ones. */
  readonly commands?: (sound: CommandTable) => CommandTable;
  /** What a session begins with, in place of the sound state. */
  readonly state?: (sound: SessionState) => SessionState;
  /** Another reply than the sound one, or none. */
  readonly reply?: (
    reply: OutgoingReply,
    wait: Wait,
  ) => OutgoingReply | undefined | Promise<OutgoingReply | undefined>;
  /** Before the TLS handshake of a control or data connection. */
  readonly handshake?: (connection: 'control' | 'data', wait: Wait) => Promise<void>;
  /** Implicit FTPS greets in clear before TLS, and not inside it. */
  readonly greetsBeforeTls?: boolean;
  readonly data?: DataFaults;
}
