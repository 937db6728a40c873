import { FtpsClient } from '../../src/client/ftpsClient.ts';
import type { ConnectOptions } from '../../src/client/connectOptions.ts';
import { type ScriptedConnection, ScriptedServer } from '../support/scriptedServer.ts';
import { optionsFor, welcome } from './dialogue.ts';

export interface TestSession extends AsyncDisposable {
  readonly client: FtpsClient;
  readonly server: ScriptedServer;
}

export interface SessionOptions extends Partial<ConnectOptions> {
  /** What FEAT answers; MLST unless told otherwise. */
  readonly features?: readonly string[];
}

/**
 * A session whose server goes on as scripted, and then answers NOOP: at the end of the test it must be in order, every
 * reply with its command.
 */
export async function sessionWith(
  script: (connection: ScriptedConnection) => Promise<void>,
  { features, ...options }: SessionOptions = {},
): Promise<TestSession> {
  const server = await ScriptedServer.listen(async (connection) => {
    await welcome(connection, features);
    await script(connection);
    await connection.answer('NOOP', '200 here');
  });
  const client = await FtpsClient.connect(optionsFor(server, options));
  return {
    client,
    server,
    async [Symbol.asyncDispose]() {
      try {
        await client.noop();
      } finally {
        client.destroy();
        await server[Symbol.asyncDispose]();
      }
    },
  };
}
