import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ForeignServerOptions, ServerCommand } from './foreignServer.ts';
import type { Workplace } from './workplace.ts';

export async function pureFtpd(workplace: Workplace, options: ForeignServerOptions): Promise<ServerCommand> {
  const { paths, passivePorts } = workplace;
  const { user, hash, uid, gid } = paths.account;
  const passwords = await workplace.write(
    'users',
    `${user}:${hash}:${uid}:${gid}::${workplace.root}/./::::::::::::\n`,
  );
  const database = join(workplace.folder, 'users.pdb');
  // A hash of our own: those of `pure-pw useradd` make every login last seconds.
  await promisify(execFile)(paths.purePw, ['mkdb', database, '-f', passwords], {
    env: workplace.environment,
  });
  const tls = options.security === 'none' ? ['-Y', '0'] : ['-Y', '3', '-2', workplace.combinedFile];
  return {
    command: paths.pureFtpd,
    args: [
      ['-S', `127.0.0.1,${workplace.port}`, '-p', passivePorts.join(':')],
      ['-l', `puredb:${database}`],
      // No names looked up, all users jailed, nobody anonymous, system users allowed, no syslog.
      ['-H', '-A', '-E', '-u', '1', '-f', 'none'],
      ['-g', join(workplace.folder, 'pure-ftpd.pid')],
      // Of files, whose mode it takes from 0777, and of folders: 0644 and 0755, as with the others.
      ['-U', '133:022'],
      ['-O', `clf:${workplace.logFile}`],
      tls,
    ].flat(),
  };
}
