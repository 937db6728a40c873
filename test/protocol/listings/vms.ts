/** Listings of OpenVMS servers, with the place where each was published. */

/** MultiNet, kept in a comment of Magenta's FTP component: names too long for their column go on in the next line. */
export const multiNet = `
WORK:[POOR]

A1MAIL$.DIR;1              27  27-JUL-1997 08:46 [POOR] (RWE,RWE,,)
A1MAIL$USER_PROFILE.DAT;1
                            4  10-APR-1995 14:48 [POOR] (RWD,RW,,)
FTP_SERVER.LOG;16           2   6-FEB-2000 14:42 [POOR] (RWED,RWED,RE,)
GOPHERRC.;1                 0   5-OCT-1993 14:30 [POOR] (RWD,RWD,,)
WWW.DIR;1                   1  27-JUL-1997 08:47 [POOR] (RWE,RWE,E,E)


Total of 453 blocks in 29 files.
`;

/** HP TCP/IP Services, comment in gFTP's parser: several versions of one file, size used and allocated. */
export const tcpIpServices = `
$MAIN.TPU$JOURNAL;1
	1/18 8-JUN-2004 13:04:14  [NUCLEAR,FISSION]      (RWED,RWED,RE,)
TCPIP$FTP_SERVER.LOG;28
	5/18 8-JUN-2004 13:05:11  [NUCLEAR,FISSION]      (RWED,RWED,RE,)
TCPIP$FTP_SERVER.LOG;29
	0/18 8-JUN-2004 14:42:04  [NUCLEAR,FISSION]      (RWED,RWED,RE,)
TCPIP$FTP_SERVER.LOG;27
	5/18 8-JUN-2004 13:03:51  [NUCLEAR,FISSION]      (RWED,RWED,RE,)
`;

/** FluentFTP's and FileZilla's tests: no time, no protection, an owner without brackets. */
export const sparse = `
DIRECTORY SYS$LOGIN:[SMITH]
pdf-dir.DIR;1  1 19-NOV-2001 21:41 [root,root] (RWE,RWE,RE,RE)
pdf-file;1       155   2-JUL-2003 10:30:13.64
pdf-notime-file;1    2/8    7-JAN-2000    [IV2_XXX]   (RWED,RWED,RE,)
pronas-file;1    6/8    15-JUN-2002    PRONAS   (RWED,RWED,RE,)

Total of 4 files, 164 blocks.
`;

/** What several servers sent to the editor ED (comment in its source): what may not be seen, a path, the date first. */
export const diverse = `
DIGLIB.DIR;1        %RMS-E-PRV, insufficient privilege or file protection violation
LOGIN.COM;2          no privilege for attempted operation
USER$DISK:[ANONYMOUS]ETHER.TXT;2                  12/12         4-AUG-1988 11:40
00-INDEX.ALL;4        5-NOV-1992 14:43:39    18092/36     (RWED,RWED,R,R)
00._THIS_SITE_NO_LONGER_EXISTS;1
                     30-JUN-1992 09:04:23        0/0      (RWED,RWED,,)
CAESAR.DIR;1              1  13-JUN-1992 13:18:42.55  (RWED,RWED,RE,RE)
FTPSTUFF.DIR;1  1/3     29-APR-1991    [INTERNET,ANONYMOUS]   (RWE,RWE,RE,RE)
`;
