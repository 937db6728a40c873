// Runs one server for a benchmark, in the namespace that it is started in, until its standard input ends. Its first
// line of output tells where the server is.
import { dirname, join } from 'node:path';
import { argv, stdin, stdout } from 'node:process';
import {
  type ForeignServerOptions,
  type ServerName,
  startServer,
} from '../../test/interop/servers/foreignServer.ts';

export interface BenchServerOptions extends ForeignServerOptions {
  readonly name: ServerName;
}

/** A running server, as its clients need it. */
export interface ServerPlace {
  readonly name: ServerName;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** The folder that it shows. */
  readonly root: string;
  readonly caFile: string;
  readonly owner: { readonly uid: number; readonly gid: number };
  /** The process that the server's processes descend from. */
  readonly pid: number;
}

if (process.argv[1] === import.meta.filename) {
  const options: BenchServerOptions = JSON.parse(argv[2] ?? '');
  const server = await startServer(options.name, options);
  const { name, host, port, user, password, root, owner } = server;
  const place: ServerPlace = {
    name,
    host,
    port,
    user,
    password,
    root,
    caFile: join(dirname(root), 'ca.pem'),
    owner: { uid: owner.uid, gid: owner.gid },
    pid: process.pid,
  };
  stdout.write(`${JSON.stringify(place)}\n`);
  stdin.on('end', () => void server.stop()).resume();
}
