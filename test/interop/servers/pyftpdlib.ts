import { fileURLToPath } from 'node:url';
import type { ForeignServerOptions, ServerCommand } from './foreignServer.ts';
import type { Workplace } from './workplace.ts';

export async function pyftpdlib(workplace: Workplace, options: ForeignServerOptions): Promise<ServerCommand> {
  const { user, password, uid, gid } = workplace.paths.account;
  const { port, passivePorts, root, combinedFile } = workplace;
  const settings = {
    user,
    password,
    uid,
    gid,
    port,
    passivePorts,
    root,
    combinedFile,
    security: options.security,
  };
  const file = await workplace.write('pyftpdlib.json', JSON.stringify(settings));
  const driver = fileURLToPath(new URL('pyftpdlib_driver.py', import.meta.url));
  return { command: workplace.paths.python, args: ['-W', 'ignore', driver, file] };
}
