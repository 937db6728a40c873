import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ClientLog, ConnectOptions } from '../../src/client/connectOptions.ts';
import { FtpsError } from '../../src/client/errors.ts';
import { newServerTraits, type ServerTraits } from '../../src/client/serverTraits.ts';
import type { FtpsClient } from '../../src/client/ftpsClient.ts';
import { dataListener, type DataListener, type ScriptedConnection } from '../support/scriptedServer.ts';
import { authority, identity } from './identity.ts';
import { limits } from './watchedClock.ts';

/**
 * What is learnt already about a scripted server: its data connections never resume, and it is spoken to step by step,
 * so that a script holds what its test is about. C-25
 */
export function bareTraits(): ServerTraits {
  return { ...newServerTraits(), bearsUnresumed: true, stepByStep: true };
}

export const password = 'correct horse battery';

/** How a test connects to its scripted server: explicit, and trusting it, unless told otherwise. */
export function optionsFor(
  server: { readonly port: number },
  more: Partial<ConnectOptions> = {},
): ConnectOptions {
  return {
    host: '127.0.0.1',
    port: server.port,
    security: 'explicit',
    user: 'ada',
    password,
    tls: { ca: [authority.cert] },
    timeouts: limits,
    traits: bareTraits(),
    ...more,
  };
}

/** 220, AUTH TLS, 234, TLS. `detachable` TLS can be taken off again. */
export async function greetSecurely(
  connection: ScriptedConnection,
  { detachable = false } = {},
): Promise<void> {
  connection.say('220 ready');
  await connection.answer('AUTH TLS', '234 go');
  await connection.startTls(identity, { detachable });
}

export async function admit(connection: ScriptedConnection): Promise<void> {
  await connection.answer('USER ada', '331 password');
  await connection.answer(`PASS ${password}`, '230 in');
}

/** FEAT, as listed. */
export async function tellFeatures(
  connection: ScriptedConnection,
  features: readonly string[] = [],
): Promise<void> {
  await connection.answer('FEAT', '211-Features', ...features.map((feature) => ` ${feature}`), '211 End');
}

/** FEAT to TYPE, as the client says it in implicit mode and without TLS. */
export async function setUpImplicit(
  connection: ScriptedConnection,
  features: readonly string[] = ['MLST type*;'],
): Promise<void> {
  await tellFeatures(connection, features);
  await connection.answer('OPTS UTF8 ON', '200 ok');
  await connection.answer('TYPE I', '200 binary');
}

/** FEAT to TYPE, as the client says it in explicit mode. */
export async function setUp(
  connection: ScriptedConnection,
  features: readonly string[] = ['MLST type*;'],
): Promise<void> {
  await tellFeatures(connection, features);
  await connection.answer('OPTS UTF8 ON', '200 ok');
  await connection.answer('PBSZ 0', '200 PBSZ=0');
  await connection.answer('PROT P', '200 private');
  await connection.answer('TYPE I', '200 binary');
}

/** All of it, to where files can be asked for. */
export async function welcome(connection: ScriptedConnection, features?: readonly string[]): Promise<void> {
  await greetSecurely(connection);
  await admit(connection);
  await setUp(connection, features);
}

/** Hears the transfer command of a passive connection, says 150, and shows this content at level C. */
export async function showClear(
  connection: ScriptedConnection,
  command: string,
  content: string | Uint8Array,
): Promise<void> {
  const listener = await offerPort(connection);
  const data = await listener.connection;
  await connection.answer(command, '150 opening');
  data.sayRaw(content);
  data.end();
  connection.say('226 done');
}

/** The same at level P. */
export async function showSecurely(
  connection: ScriptedConnection,
  command: string,
  content: string,
): Promise<void> {
  const data = await openData(connection, command);
  data.sayRaw(content);
  data.end();
  connection.say('226 done');
}

/** Hears EPSV and answers it with the port of a listener. */
export async function offerPort(connection: ScriptedConnection): Promise<DataListener> {
  const data = await dataListener();
  await connection.answer('EPSV', `229 go (|||${data.port}|)`);
  return data;
}

/** Hears EPSV and the transfer command, says 150, and is the server side of TLS on the data connection. */
export async function openData(
  connection: ScriptedConnection,
  command: string,
  preliminary = '150 opening',
): Promise<ScriptedConnection> {
  const listener = await offerPort(connection);
  const data = await listener.connection;
  await connection.answer(command, preliminary);
  await data.startTls(identity);
  return data;
}

/** Hears what becomes of a transfer that is aborted, and answers it once the data has ended. C-40 */
export async function hearAbort(connection: ScriptedConnection, data: ScriptedConnection): Promise<void> {
  await connection.answer('ABOR');
  await data.ended;
  connection.say('426 you hung up', '226 aborted');
  await connection.answer('NOOP', '200 here');
}

/** Hears QUIT and answers as a server should. */
export async function farewell(connection: ScriptedConnection): Promise<void> {
  await connection.answer('QUIT', '221 bye');
  connection.end();
}

/** What a call rejects with. @throws when it does not, or not with the client's own error */
export async function failureOf(call: Promise<unknown>): Promise<FtpsError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof FtpsError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}

/** A log that keeps every line, and tells when one appears. */
export class KeptLog implements ClientLog {
  readonly lines: string[] = [];
  readonly #watchers = new Set<() => void>();

  trace(line: string): void {
    this.lines.push(line);
    for (const look of this.#watchers) look();
  }

  debug(line: string): void {
    this.trace(line);
  }

  warn(line: string): void {
    this.trace(line);
  }

  /** Settles once a line has begun like this. */
  wrote(beginning: string): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.lines.some((line) => line.startsWith(beginning))) resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }
}

/** What `path` holds. */
export async function fetchText(client: FtpsClient, path = '/a', signal?: AbortSignal): Promise<string> {
  const sink = new PassThrough();
  const [content] = await Promise.all([buffer(sink), client.retrieve(path, sink, {}, signal)]);
  return content.toString();
}
