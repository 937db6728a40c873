import type { Features } from '../protocol/features.ts';
import type { Clock } from './clock.ts';
import type { ClientLog, ConnectOptions } from './connectOptions.ts';
import type { ControlConnection } from './controlConnection.ts';
import type { Deadlines } from './deadline.ts';
import type { TlsLayer } from './tlsLayer.ts';

/** The protection level of data connections: clear or private. RFC 4217 §9 */
export type Protection = 'C' | 'P';

/** What one login knows and remembers: the parts of the client read it, and few of them change it. */
export interface Session {
  readonly options: ConnectOptions;
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly log: ClientLog;
  readonly control: ControlConnection;
  readonly tls: TlsLayer | undefined;
  features: Features;
  protection: Protection;
  /** C-2: the level P of an implicit connection was never confirmed by the server. */
  protectionAssumed: boolean;
  readonly data: DataTraits;
}

/** How data connections are made with this server, learnt on the way, and how they fared. */
interface DataTraits {
  /** C-31: false once the server refused EPSV. */
  extendedPassive: boolean;
  /** False once a server answered a transfer command only after the TLS handshake. C-33 */
  preliminaryFirst: boolean;
  opened: number;
  resumed: number;
}
