import { FtpsClient } from '../../src/client/ftpsClient.ts';
import type { ConnectOptions } from '../../src/client/connectOptions.ts';
import { newServerTraits, type ServerTraits } from '../../src/client/serverTraits.ts';
import {
  dataListener,
  type DataListener,
  type ScriptedConnection,
  ScriptedServer,
} from '../support/scriptedServer.ts';
import { greetSecurely, optionsFor } from './dialogue.ts';
import { identity } from './identity.ts';

/** Traits of a server that is spoken to ahead of its word, and whose data connections never resume. */
function eagerTraits(more: Partial<ServerTraits> = {}): ServerTraits {
  return { ...newServerTraits(), bearsUnresumed: true, ...more };
}

/** Of one that is known to read the next command only when a transfer is over. */
export const sequential: Partial<ServerTraits> = { sequential: true, aheadProven: true };

/** Of one that reads on. */
export const readsOn: Partial<ServerTraits> = { sequential: false, aheadProven: true };

const answers: Readonly<Record<string, readonly string[]>> = {
  USER: ['331 password'],
  PASS: ['230 in'],
  FEAT: ['211-Features', ' MLST type*;', '211 End'],
  OPTS: ['200 ok'],
  PBSZ: ['200 PBSZ=0'],
  PROT: ['200 private'],
  TYPE: ['200 binary'],
};

/** Hears the login, in whatever order it is said, up to the EPSV that is said with it, and answers that as told. */
export async function enterAhead(connection: ScriptedConnection, ...passive: string[]): Promise<void> {
  await greetSecurely(connection);
  const due = new Set([...Object.keys(answers), 'EPSV']);
  while (due.size > 0) {
    const [verb = ''] = (await connection.hear()).split(' ');
    due.delete(verb);
    if (answers[verb]) connection.say(...answers[verb]);
    else if (passive.length > 0) connection.say(...passive);
  }
}

/** The same, with a port that is there. */
export async function welcomeAhead(connection: ScriptedConnection): Promise<DataListener> {
  const listener = await dataListener();
  await enterAhead(connection, named(listener));
  return listener;
}

export function named({ port }: DataListener): string {
  return `229 go (|||${port}|)`;
}

/** Says 150, the content in TLS on a data connection that is there, and 226 with what is to follow it. */
export async function show(
  connection: ScriptedConnection,
  data: ScriptedConnection,
  content: string,
  ...last: string[]
): Promise<void> {
  connection.say('150 opening');
  await data.startTls(identity);
  data.sayRaw(content);
  data.end();
  connection.say('226 done', ...last);
}

interface Ahead extends AsyncDisposable {
  readonly client: FtpsClient;
  readonly server: ScriptedServer;
  readonly traits: ServerTraits;
}

/** A client in haste, and a server whose control connections go on as scripted. */
export async function ahead(
  script: (connection: ScriptedConnection, index: number) => Promise<void>,
  { traits, ...more }: Partial<Omit<ConnectOptions, 'traits'>> & { traits?: Partial<ServerTraits> } = {},
): Promise<Ahead> {
  const server = await ScriptedServer.listen(script);
  const learnt = eagerTraits(traits);
  const client = await FtpsClient.connect(optionsFor(server, { traits: learnt, ...more }));
  return {
    client,
    server,
    traits: learnt,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server[Symbol.asyncDispose]();
    },
  };
}
