/** Listings of one and the same folder as real servers print them, and one of IIS. */

const vsftpd = `
-rw-------    1 0        0               1 Jun 01  2021  leading
drwxr-xr-x    2 0        0            4096 Nov 06 10:13  two  spaces
drwxr-xr-x    4 0        0            4096 Nov 20 10:13 .
drwxr-xr-x    4 0        0            4096 Nov 20 10:13 ..
-rw-r--r--    1 0        0               1 Dec 31  1999 a file; with = signs
-rwsr-xr-x    1 0        0               1 Jan 01  2021 back\\slash
-rw-r--r--    1 0        0        5000000000 Jun 07  2022 big.bin
lrwxrwxrwx    1 0        0              11 Nov 20 10:13 current -> public_html
lrwxrwxrwx    1 0        0               9 Nov 20 10:13 dangling -> link -> /no/where
-rw-r--r--    1 0        0               3 Feb 29  2020 naïve.txt
prw-r--r--    1 0        0               0 Nov 20 10:13 pipe
drwxrwxrwt    2 0        0            4096 Nov 06 10:13 public_html
`;

const proftpd = `
-rw-------   1 0        0               1 Jun  1  2021  leading
drwxr-xr-x   2 0        0            4096 Nov  6 10:13  two  spaces
drwxr-xr-x   4 0        0            4096 Nov  6 10:13 .
drwxr-xr-x   4 0        0            4096 Nov  6 10:13 ..
-rw-r--r--   1 0        0               1 Dec 31  1999 a file; with = signs
-rwsr-xr-x   1 0        0               1 Jan  1  2021 back\\slash
-rw-r--r--   1 0        0        5000000000 Jun  7  2022 big.bin
lrwxrwxrwx   1 0        0              11 Nov 20 10:13 current -> public_html
lrwxrwxrwx   1 0        0               9 Nov 20 10:13 dangling -> link -> /no/where
-rw-r--r--   1 0        0               3 Feb 29  2020 naïve.txt
prw-r--r--   1 0        0               0 Nov 20 10:13 pipe
drwxrwxrwt   2 0        0            4096 Nov  6 10:13 public_html
`;

const pureFtpd = `
-rw-------    1 0          0                   1 Jun  1  2021  leading
drwxr-xr-x    2 0          0                4096 Nov  6 10:13  two  spaces
drwxr-xr-x    4 0          0                4096 Nov  6 10:13 .
drwxr-xr-x    4 0          0                4096 Nov  6 10:13 ..
-rw-r--r--    1 0          0                   1 Dec 31  1999 a file; with = signs
-rwsr-xr-x    1 0          0                   1 Jan  1  2021 back\\slash
-rw-r--r--    1 0          0          5000000000 Jun  7  2022 big.bin
lrwxrwxrwx    1 0          0                  11 Nov 20 10:13 current -> public_html
lrwxrwxrwx    1 0          0                   9 Nov 20 10:13 dangling -> link -> /no/where
-rw-r--r--    1 0          0                   3 Feb 29  2020 naïve.txt
prw-r--r--    1 0          0                   0 Nov 20 10:13 pipe
drwxrwxrwt    2 0          0                4096 Nov  6 10:13 public_html
`;

const pyftpdlib = `
-rw-------   1 root     root            1 Jun 01  2021  leading
drwxr-xr-x   2 root     root         4096 Nov 06 10:13  two  spaces
-rw-r--r--   1 root     root            1 Dec 31  1999 a file; with = signs
-rwsr-xr-x   1 root     root            1 Jan 01  2021 back\\slash
-rw-r--r--   1 root     root     5000000000 Jun 07  2022 big.bin
lrwxrwxrwx   1 root     root           11 Nov 20 10:13 current -> public_html
lrwxrwxrwx   1 root     root            9 Nov 20 10:13 dangling -> link -> /no/where
-rw-r--r--   1 root     root            3 Feb 29  2020 naïve.txt
prw-r--r--   1 root     root            0 Nov 20 10:13 pipe
drwxrwxrwt   2 root     root         4096 Nov 06 10:13 public_html
`;

const iis = `
11-06-26  10:13AM       <DIR>           two  spaces
06-07-22  08:09AM           5000000000 big.bin
12-31-99  11:59PM                    1 a file; with = signs
01-01-2021  12:00AM                 1234  leading
11-20-26  12:13PM       <DIR>          public_html
11-20-26  10:13AM       <JUNCTION>     current [C:\\inetpub\\public_html]
`;

const proftpdMlsd = `
modify=19991231235959;perm=adfr;size=1;type=file;unique=FE00U212721;UNIX.group=0;UNIX.groupname=1001;UNIX.mode=0644;UNIX.owner=0;UNIX.ownername=demo; a file; with = signs
modify=20261106101302;perm=fle;type=dir;unique=FE00U2126E5;UNIX.group=0;UNIX.groupname=1001;UNIX.mode=0755;UNIX.owner=0;UNIX.ownername=demo;  two  spaces
modify=20261106101302;perm=fle;type=cdir;unique=FE00U2126E2;UNIX.group=0;UNIX.groupname=1001;UNIX.mode=0755;UNIX.owner=0;UNIX.ownername=demo; .
modify=20261106101302;perm=fle;type=pdir;unique=FE00U2126E2;UNIX.group=0;UNIX.groupname=1001;UNIX.mode=0755;UNIX.owner=0;UNIX.ownername=demo; ..
modify=20261120101302;perm=adfrw;size=11;type=OS.unix=symlink;unique=FE00U2126E4;UNIX.group=0;UNIX.groupname=1001;UNIX.mode=0777;UNIX.owner=0;UNIX.ownername=demo; current
modify=20210101000000;perm=adfr;size=1;type=file;unique=FE00U212745;UNIX.group=0;UNIX.groupname=1001;UNIX.mode=04755;UNIX.owner=0;UNIX.ownername=demo; back\\slash
`;

const pureFtpdMlsd = `
type=dir;sizd=4096;modify=20261106101302;UNIX.mode=0755;UNIX.uid=0;UNIX.gid=0;unique=fe00g2126e5;  two  spaces
type=unknown;size=0;modify=20261120101302;UNIX.mode=0644;UNIX.uid=0;UNIX.gid=0;unique=fe00g212742; pipe
type=cdir;sizd=4096;modify=20261106101302;UNIX.mode=0755;UNIX.uid=0;UNIX.gid=0;unique=fe00g2126e2; .
type=pdir;sizd=4096;modify=20261106101302;UNIX.mode=0755;UNIX.uid=0;UNIX.gid=0;unique=fe00g2126e2; ..
type=OS.unix=slink:;size=9;modify=20261120101302;UNIX.mode=0777;UNIX.uid=0;UNIX.gid=0;unique=fe00g212741; dangling -> link
type=file;size=5000000000;modify=20220607080910;UNIX.mode=0644;UNIX.uid=0;UNIX.gid=0;unique=fe00g212746; big.bin
`;

const pyftpdlibMlsd = `
modify=20261106101302;perm=eldfmMTcp;size=4096;type=dir;unique=fe00g2126e5;  two  spaces
modify=20230303070809;perm=radfwMT;size=6;type=file;unique=fe00g212712; index.html
`;

const lines = (text: string): string[] => text.slice(1, -1).split('\n');

/** LIST of the Unix servers, taken on 20 November 2026. */
export const unixListings = {
  vsftpd: lines(vsftpd),
  ProFTPD: lines(proftpd),
  'Pure-FTPd': lines(pureFtpd),
  pyftpdlib: lines(pyftpdlib),
};

export const iisListing = lines(iis);

export const mlsdListings = {
  ProFTPD: lines(proftpdMlsd),
  'Pure-FTPd': lines(pureFtpdMlsd),
  pyftpdlib: lines(pyftpdlibMlsd),
};

export const takenAt = Date.UTC(2026, 10, 20, 10, 13);
