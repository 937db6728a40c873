import type { Exchange } from './exchange.ts';

/** What Pure-FTPd 1.0.50 answered, one command at a time; the first is its greeting. */
export const pureFtpd: readonly Exchange[] = [
  [
    '',
    '220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------\r\n220-You are user number 2 of 31 allowed.\r\n220-Local time is now 10:55. Server port: 29185.\r\n220-This is a private system - No anonymous login\r\n220-IPv6 connections are also welcome on this server.\r\n220 You will be disconnected after 15 minutes of inactivity.\r\n',
  ],
  [
    'FEAT',
    '211-Extensions supported:\r\n UTF8\r\n EPRT\r\n IDLE\r\n MDTM\r\n SIZE\r\n MFMT\r\n REST STREAM\r\n MLST type*;size*;sizd*;modify*;UNIX.mode*;UNIX.uid*;UNIX.gid*;unique*;\r\n MLSD\r\n PRET\r\n AUTH TLS\r\n PBSZ\r\n PROT\r\n TVFS\r\n ESTA\r\n PASV\r\n EPSV\r\n ESTP\r\n211 End.\r\n',
  ],
  ['USER ftps-explorer-test', '331 User ftps-explorer-test OK. Password required\r\n'],
  ['PASS ********', '230 OK. Current directory is /\r\n'],
  ['SYST', '215 UNIX Type: L8\r\n'],
  [
    'FEAT',
    '211-Extensions supported:\r\n UTF8\r\n EPRT\r\n IDLE\r\n MDTM\r\n SIZE\r\n MFMT\r\n REST STREAM\r\n MLST type*;size*;sizd*;modify*;UNIX.mode*;UNIX.uid*;UNIX.gid*;unique*;\r\n MLSD\r\n PRET\r\n AUTH TLS\r\n PBSZ\r\n PROT\r\n TVFS\r\n ESTA\r\n PASV\r\n EPSV\r\n ESTP\r\n211 End.\r\n',
  ],
  ['PWD', '257 "/" is your current location\r\n'],
  ['OPTS UTF8 ON', '504 Unknown command\r\n'],
  ['TYPE I', '200 TYPE is now 8-bit binary\r\n'],
  [
    'MLST index.html',
    '250-Begin\r\n type=file;size=6;modify=20261120105523;UNIX.mode=0644;UNIX.uid=999;UNIX.gid=995;unique=fe00g2144b4; index.html\r\n250 End.\r\n',
  ],
  [
    'MLST /',
    '250-Begin\r\n type=pdir;sizd=4096;modify=20261120105523;UNIX.mode=0755;UNIX.uid=999;UNIX.gid=995;unique=fe00g214412; /\r\n250 End.\r\n',
  ],
  ['SIZE two  words.txt', '213 6\r\n'],
  ['MDTM index.html', '213 20261120105523\r\n'],
  ['MFMT 20240102030405 index.html', '213 UTIME OK\r\n'],
  ['PASV', '227 Entering Passive Mode (127,0,0,1,114,14)\r\n'],
  ['EPSV', '229 Extended Passive mode OK (|||29207|)\r\n'],
  [
    'HELP',
    '214-The following SITE commands are recognized\r\n ALIAS\r\n CHMOD\r\n IDLE\r\n UTIME\r\n214 Pure-FTPd - http://pureftpd.org/\r\n',
  ],
  ['STAT', '211 https://www.pureftpd.org/\r\n'],
  [
    'STAT index.html',
    '213-STAT\r\n-rw-r--r--    1 999        ftps-explo          6 Jan  2  2024 index.html\r\n213 End.\r\n',
  ],
  ['CWD Grüße "x"', '250 OK. Current directory is /Grüße "x"\r\n'],
  ['PWD', '257 "/Grüße "x"" is your current location\r\n'],
  ['MKD new "y"', '257 "new "y"" : The directory was successfully created\r\n'],
  ['CDUP', '250 OK. Current directory is /\r\n'],
  ['MKD Grüße "x"', "550 Can't create directory: File exists\r\n"],
  ['SIZE missing', "550 Can't check for file existence\r\n"],
  ['HASH index.html', '500 Unknown command\r\n'],
  ['XSHA256 index.html', '500 Unknown command\r\n'],
  ['XMD5 index.html', '500 Unknown command\r\n'],
  ['XCRC index.html', '500 Unknown command\r\n'],
  [
    'SITE HELP',
    '214-The following SITE commands are recognized\r\n ALIAS\r\n CHMOD\r\n IDLE\r\n UTIME\r\n214 Pure-FTPd - http://pureftpd.org/\r\n',
  ],
  ['RNFR index.html', '350 RNFR accepted - file exists, ready for destination\r\n'],
  ['RNTO index 2.html', '250 File successfully renamed or moved\r\n'],
  ['RNFR index 2.html', '350 RNFR accepted - file exists, ready for destination\r\n'],
  ['RNTO index.html', '250 File successfully renamed or moved\r\n'],
  ['ABOR', "226 Since you see this ABOR must've succeeded\r\n"],
  ['EPRT |9|x|1|', '522 Only IPv4 and IPv6 are supported (1,2)\r\n'],
  ['PORT 1,2', '501 Syntax error in IP address\r\n'],
  ['NOSUCH', '500 Unknown command\r\n'],
  ['EPSV', '229 Extended Passive mode OK (|||29206|)\r\n'],
  [
    'STOU',
    '150-FILE: pureftpd.6b00272c.8e.0000\r\n150 Accepted data connection\r\n226-File successfully transferred\r\n226 0.302 seconds (measured here), 9.95 bytes per second\r\n',
  ],
  ['EPSV', '229 Extended Passive mode OK (|||29240|)\r\n'],
  [
    'STOU two words.txt',
    '150-FILE: pureftpd.6b00272d.24.0001\r\n150 Accepted data connection\r\n226-File successfully transferred\r\n226 0.301 seconds (measured here), 9.97 bytes per second\r\n',
  ],
  ['REST 3', '350 Restarting at 3\r\n'],
  ['QUIT', '221-Goodbye. You uploaded 1 and downloaded 0 kbytes.\r\n221 Logout.\r\n'],
];
