import type { Features } from '../protocol/features.ts';
import type { Clock } from './clock.ts';
import type { ClientLog, ConnectOptions } from './connectOptions.ts';
import type { ControlConnection } from './controlConnection.ts';
import type { Deadlines } from './deadline.ts';
import type { PreparedRoute } from './preparedRoute.ts';
import type { ServerTraits } from './serverTraits.ts';
import type { TextCodec } from './textCodec.ts';
import type { TlsLayer } from './tlsLayer.ts';

/** The protection level of data connections: clear or private. RFC 4217 §9 */
export type Protection = 'C' | 'P';

/** What one login knows and remembers: the parts of the client read it, and few of them change it. */
export interface Session {
  readonly options: ConnectOptions;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly log: ClientLog;
  readonly codec: TextCodec;
  readonly control: ControlConnection;
  readonly tls: TlsLayer | undefined;
  readonly traits: ServerTraits;
  readonly data: DataCount;
  features: Features;
  protection: Protection;
  /** C-2: the level P of an implicit connection was never confirmed by the server. */
  protectionAssumed: boolean;
  /** C-13: PBSZ and PROT are still to be said, before the first transfer. */
  protectionIsDue: boolean;
  /** C-15: PBSZ 0 was said, or is assumed to have been. */
  bufferSizeIsSaid: boolean;
  /** The working directory, where this client has chosen one. */
  directory: string | undefined;
  /** The algorithm that OPTS HASH was asked for. */
  selectedHash: string | undefined;
  /** C-18: a PROT whose reply is due; a transfer that is about to begin waits for it. */
  protectionChange: Promise<unknown>;
  /** C-18: a transfer is opening its data connection, and its command is not said yet: PROT may be. */
  isOpeningData: boolean;
  /** The data connection that was asked for ahead, until a transfer takes it. */
  prepared: PreparedRoute | undefined;
  /** Whether one was closed that no transfer had taken, and no other has been named since. */
  hasRested: boolean;
}

/** How data connections fared. */
export interface DataCount {
  opened: number;
  resumed: number;
  /** Handshakes of data connections that were full ones. */
  unresumed: number;
}
