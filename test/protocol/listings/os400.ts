/** Listings of OS/400 (IBM i), with the place where each was published. */

/** Magenta's FTP component, comment: month first. */
export const monthFirst = `
QPGMR            8192 05/30/98 08:08:03 *FILE      QSRVSRC
QSECOFR         40960 10/08/99 10:25:23 *FILE      REPLACE
QSECOFR                                 *MEM       REPLACE.REPLACE
QUSER           69632 02/05/99 16:19:28 *DIR       HTML/
QUSER            1575 02/05/99 16:06:37 *STMF      index.htm.$$$
QPGMR               0 02/10/00 15:59:33 *STMF      index.html
`;

/** Apache Commons Net, test of its OS/400 parser: year first, and a file past 4 GB. */
export const yearFirst = `
PEP              4019 04/03/18 18:58:16 *STMF      einladung.zip
PEP             36864 04/03/24 14:06:34 *DIR       dir1/
PEP              5000000000 04/03/24 14:06:29 *STMF      build.xml
`;

/** Apache Commons Net, comment: day first; a folder, and the members of a source file, whose own line has no name. */
export const dayFirst = `
RADDATZ           200 21.05.11 12:31:18 *STMF      TEST_RG_02_CRLF.properties
RADDATZ          8192 04.07.13 09:04:14 *DIR       testDir1/
`;
export const sourceFile = `
QPGMR          135168 22.06.13 13:18:19 *FILE
QPGMR                                   *MEM       MKCMD.MBR
QPGMR                                   *MEM       RUCALLTST.MBR
`;

/** The same comment tells the names of a library's members under NAMEFMT 1, and how a save file is listed. */
export const library = `
QPGMR          135168 22.06.13 13:18:19 *FILE      RPGUNITC1.FILE
QPGMR                                   *MEM       RPGUNITC1.FILE/RUNRMT.MBR
QPGMR        16347136 29.06.13 15:45:09 *FILE      RPGUNIT.SAVF
`;

/** IBM, "File and directory entries in i5/OS format". Which of its numbers is the month cannot be known. */
export const ambiguous = `
BAILEYSE     5263360 06/11/97 12:27:39 *FILE     BPTFSAVF
BAILEYSE        1024 02/03/04 12:27:39 *STMF      a  b.txt
                     11/12/10 12:27:39 *STMF      anonymous
BAILEYSE         512 02/03/04 12:27:39 *SYMLNK    link
BAILEYSE        8192 02/03/04 12:27:39 *LIB       QGPL
BAILEYSE        8192 02/03/04 12:27:39 *USRPRF    SMITH
`;
