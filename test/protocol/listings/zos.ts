/** Listings of z/OS, with the place where each was published. */

/** HanseFTP's plug-in for FAR, comment in its MVS parser: DIR in DATASETMODE and in DIRECTORYMODE. */
export const dataSets = `
Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname
Z18WR1 3390   **NONE**    1    1  FB     133  1330  PS  HCD.MSGLOG
Z18WR1 3390   2008/11/26  1    1  VB     256  6233  PS  IN.EDDS.RUSJAPON.TXT
Z18WR1 3390   2009/06/11  1    1  VB     256  6233  PO  IN.JENNY
Z18WR2 3390   2008/11/27  1   62  FB     128 27904  PO  OUT.JK.FB128
Z18WR2 3390   2008/11/26  1    1  FBA    121  3146  PS  SPFTEMP2.LIST
`;

export const directoryMode = `
Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname
Pseudo Directory                                        IN
Pseudo Directory                                        ISPF
Z18WR1 3390   2009/06/11  1    1  VB     256  6160  PS  README
User catalog connector                                  CAI115.UCAT
`;

/** OS2World/APP-INTERNET-NFTP, NFTP-2.0: listings kept in a comment. */
export const migratedDataSets = `
Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname
SYSPP1 3390   2000/01/20  1    3  FB      80  3120  PO  BSCSYS.ISPTABL
Migrated                                                BSCSYS.ISPUSER
SYSPP5 3390                                        VSAM DDIR
SYSPP5 3390                                        VSAM DDIR.D
SYSPP1 3390   2000/01/14  1   90  FB      80 27920  PO  SMPEJCL.DATA
SYSPP5 3390   2000/01/18  1   30  U     9076  9076  PO  TUP.LOD
`;

/** IBM/zos-node-accessor, unit tests: a VSAM cluster without volume; and its accessor's comment: numbers run together. */
export const crowdedDataSets = `
Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname
                                                   VSAM DDIR
F1SYS1 3390                                        VSAM DDIR.D
XRFS79 3390   2017/08/04  1 4080  FB    1024 27648  PS  'USERHLQI.T1.HISPAXZ'
XRFS95 3390   2017/08/04  313875  FB    1024 27648  PS  'USERHLQI.T2.HISPAXZ'
Migrated                                                CPPOBJS.OBJ
`;

/** Description of the namedtuple Dataset in the zosftplib of Python, and Apache Commons Net's test (PO-E). */
export const archivedDataSets = `
Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname
ARCIVE Not Direct Access Device                         VLOG.G0001V00
                                                   GDG  NEW.VLOG
VSM002 3390   2012/09/12  1   15  VB   27994 27998  PS  NEW.VLOG.G0115V00
VSM123 3390   **NONE**    1   45  ?        0     0 NONE NEW.VLOG.G0120V00
                                                   VSAM MOON.DDIR
FPFS42 3390   2004/06/23  1    1  FB     128  6144  PO-E  INCOMING.RPTBM026.D061704
`;

/** IBM, "DIr subcommand", z/OS Communications Server IP User's Guide 2.3: LISTLEVEL 2 has no unit. */
export const wideDataSets = `
Volume    Referred Ext       Used Recfm Lrecl BlkSz Dsorg Dsname
CPDLB4   2008/10/31  1          1  VB     256  6233  PS   FIFO.DEMO
CPDLB1   2008/11/11  1          2  FB      80  3120  PO   ISPF.ISPPROF
CPDLB3   2008/11/11  9          9  VBS   4000  2000  PS   TEST.ABC
`;

/** IBM, the same guide 2.1, "dir in DATASETmode": an older release, with a short date. */
export const oldDataSets = `
Volume Unit     Date  Ext Used Recfm Lrecl BlkSz Dsorg Dsname
APCSPL 3380D  07/16/97  1    1  FB      80  8800  PS  ETC.RPC
APCSPL 3380D  08/03/97  1    1  FB      80  3200  PS  ETC.SERVICES
`;

/** The plug-in for FAR, members with statistics, and with none. NFTP pads those with blanks. */
export const members = `
 Name     VV.MM   Created       Changed      Size  Init   Mod   Id
ADDUSER   01.01 2008/10/14 2008/10/14 12:42    15    12    15 IBMUSER
COPYDSDT  01.18 1998/09/17 2007/02/01 15:27    30    32     0 IRA
$2CPF1    01.01 2001/10/18 2001/10/18 11:58    29    29     0 QFX3076
BLSGPROF
UTMPX                                                                 
`;

/** The plug-in for FAR, and zos-node-accessor: members of a load library, one an alias. */
export const modules = `
 Name      Size     TTR   Alias-of AC --------- Attributes --------- Amode Rmode
DD        03DBD8   031506 IRRENV00 01 FO             RN RU            31    24   
DMOCI001  000710   03370C          00 FO                              31    ANY  
EAGRTPRC  005F48   000011 EAGRTALT 00 FO             RN RU            31    ANY
KCFACDBB  0000F8 002C16          00 FO             RN RU            31    ANY
`;

/** IBM, "Displaying the status of jobs", JESINTERFACELEVEL 2. */
export const jobs = `
JOBNAME  JOBID    OWNER    STATUS CLASS
USER1A   JOB00083 USER1    OUTPUT A        ABEND=806 3 spool files
USER1J   JOB00082 USER1    OUTPUT A        (JCL error) 3 spool files
USER1    TSU00024 USER1    ACTIVE TSU
USER1W   JOB00081 USER1    INPUT  A        -DUP-
USER1p   JOB00093 USER1    INPUT  A        -HELD-
`;

/** IBM Communications Server for OS/390 TCP/IP Implementation Guide, volume 2: JESINTERFACELEVEL 1. */
export const oldJobs = `
ALFREDCA  JOB03192  OUTPUT    3 Spool Files
ALFREDCA  JOB03193  OUTPUT    0 Spool Files
ALFREDCA  JOB03194  INPUT
`;

/** zos-node-accessor, unit tests: one job's spool files. */
export const spoolFiles = `
JOBNAME  JOBID    OWNER    STATUS CLASS
UTHELLO JOB12345  USER     OUTPUT A        RC=0000
--------
         ID  STEPNAME PROCSTEP C DDNAME   BYTE-COUNT 
         001 JES2              K JESMSGLG      1206 
         002 JES2              K JESJCL        3134 
         004 JAVA     JAVAJVM  K SYSOUT         801 
3 spool files 
`;

/** zos-node-accessor, comment: a job that still runs. */
export const runningJob = `
JOBNAME  JOBID    OWNER    STATUS CLASS
HRECALLW JOB02094 VPADEV   ACTIVE A
--------
        STEPNAME HRECALL  PROCNAME        N/A
        CPUTIME     0.012 ELAPSED TIME    117.515
`;

/** The plug-in for FAR: files of z/OS UNIX, /bin. */
export const unixFiles = `
total 1234
drwxr-xr-x   2 IBMUSER  OMVSGRP    16384 May 26  2006 IBM
lrwxrwxrwx   1 IBMUSER  OMVSGRP       27 Aug 10  2007 acl_edit -> ../usr/lpp/dce/bin/acl_edit
-rwsr-xr-x   3 IBMUSER  OMVSGRP   172032 May 17  2006 batch
`;
