import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ForeignServerOptions, ServerCommand } from './foreignServer.ts';
import type { Workplace } from './workplace.ts';

export async function vsftpd(workplace: Workplace, options: ForeignServerOptions): Promise<ServerCommand> {
  const emptyFolder = join(workplace.folder, 'empty');
  await mkdir(emptyFolder, { mode: 0o555 });
  const settings = {
    listen: true,
    listen_address: workplace.host,
    listen_port: workplace.port,
    background: false,
    anonymous_enable: false,
    local_enable: true,
    local_root: workplace.root,
    local_umask: '022',
    chroot_local_user: true,
    allow_writeable_chroot: true,
    write_enable: true,
    mdtm_write: true,
    pam_service_name: workplace.paths.pamService,
    pasv_min_port: workplace.passivePorts[0],
    pasv_max_port: workplace.passivePorts[1],
    secure_chroot_dir: emptyFolder,
    // What containers often do not allow.
    seccomp_sandbox: false,
    isolate: false,
    isolate_network: false,
    log_ftp_protocol: true,
    xferlog_enable: true,
    xferlog_std_format: false,
    vsftpd_log_file: workplace.logFile,
    // Its answer to a wrong password is no faster for a test.
    delay_failed_login: 0,
    ...(options.security === 'none' ? {} : tlsSettings(workplace, options)),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${formatValue(value)}\n`);
  return { command: workplace.paths.vsftpd, args: [await workplace.write('vsftpd.conf', lines.join(''))] };
}

function tlsSettings(workplace: Workplace, options: ForeignServerOptions): Record<string, string | boolean> {
  return {
    ssl_enable: true,
    implicit_ssl: options.security === 'implicit',
    rsa_cert_file: workplace.certificateFile,
    rsa_private_key_file: workplace.keyFile,
    require_ssl_reuse: options.requireSessionReuse ?? false,
    ssl_ciphers: 'HIGH',
    force_local_logins_ssl: true,
    force_local_data_ssl: true,
    debug_ssl: true,
  };
}

function formatValue(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'YES' : 'NO';
  return String(value);
}
