import type { ForeignServerOptions, ServerCommand } from './foreignServer.ts';
import type { Workplace } from './workplace.ts';

export async function proftpd(workplace: Workplace, options: ForeignServerOptions): Promise<ServerCommand> {
  const { paths, passivePorts } = workplace;
  const { user, hash, uid, gid } = paths.account;
  const users = await workplace.write(
    'users',
    `${user}:${hash}:${uid}:${gid}::${workplace.root}:/bin/false\n`,
  );
  const lines = [
    `ModulePath ${paths.proftpdModules}`,
    'LoadModule mod_tls.c',
    'ServerName "ProFTPD"',
    'ServerType standalone',
    `DefaultAddress ${workplace.host}`,
    'SocketBindTight on',
    `Port ${workplace.port}`,
    `PassivePorts ${passivePorts[0]} ${passivePorts[1]}`,
    'UseIPv6 off',
    'UseReverseDNS off',
    `User ${user}`,
    `Group ${user}`,
    'AuthOrder mod_auth_file.c',
    `AuthUserFile ${users}`,
    'RequireValidShell off',
    'DefaultRoot ~',
    'DelayEngine off',
    'Umask 022',
    'AllowOverwrite on',
    'AllowStoreRestart on',
    'WtmpLog off',
    'TransferLog none',
    `PidFile ${workplace.folder}/proftpd.pid`,
    `ScoreboardFile ${workplace.folder}/scoreboard`,
    `SystemLog ${workplace.logFile}`,
    'LogFormat dialogue "%r -> %s %S"',
    `ExtendedLog ${workplace.logFile} ALL dialogue`,
    ...(options.security === 'none' ? [] : tlsLines(workplace, options)),
  ];
  const file = await workplace.write('proftpd.conf', `${lines.join('\n')}\n`);
  return { command: paths.proftpd, args: ['-n', '-q', '-c', file] };
}

function tlsLines(workplace: Workplace, options: ForeignServerOptions): string[] {
  const tlsOptions = [
    ...(options.security === 'implicit' ? ['UseImplicitSSL'] : []),
    ...(options.requireSessionReuse ? [] : ['NoSessionReuseRequired']),
  ];
  return [
    'TLSEngine on',
    `TLSRequired ${options.clearControl ? 'auth+data' : 'on'}`,
    'TLSRenegotiate none',
    `TLSRSACertificateFile ${workplace.certificateFile}`,
    `TLSRSACertificateKeyFile ${workplace.keyFile}`,
    `TLSLog ${workplace.logFile}`,
    ...(tlsOptions.length > 0 ? [`TLSOptions ${tlsOptions.join(' ')}`] : []),
  ];
}
