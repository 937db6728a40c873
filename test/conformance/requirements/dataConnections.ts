import type { Requirement } from './requirement.ts';

/** Client: data connections and what travels over them. */
export const dataConnections: readonly Requirement[] = [
  {
    number: 'C-30',
    level: 'M',
    what: 'Of a reply to PASV only the port counts, within its range and with or without parentheses; the host is that of the control connection.',
    source: 'RFC 2577 §3, CVE-2020-8284',
  },
  {
    number: 'C-31',
    level: 'S',
    what: 'EPSV is asked for with any delimiter in its answer; where the server refuses it on IPv4, PASV takes over. A 522 to it is about the address family.',
    source: 'RFC 2428',
  },
  {
    number: 'C-32',
    level: 'M',
    what: 'Active mode listens before it says PORT or EPRT, on the address of the control connection, and lets in one peer, from the server only.',
    source: 'RFC 959 §4.1.2, RFC 2577 §3; measured',
  },
  {
    number: 'C-33',
    level: 'M',
    what: 'A data connection is opened, then the command is written, then TLS begins: no other order suits all servers.',
    source: 'measured',
  },
  {
    number: 'C-34',
    level: 'M',
    what: 'A transfer may be announced by 125 or 150, more than once, or not at all.',
    source: 'RFC 959 §5.4',
  },
  {
    number: 'C-35',
    level: 'M',
    what: 'A transfer is done when its data has ended and its final reply is in, in whichever order.',
    source: 'RFC 959 §5.4',
  },
  {
    number: 'C-36',
    level: 'M',
    what: 'Only 226 and 250 end a transfer well; any other final reply makes it fail, whatever has arrived.',
    source: 'RFC 959 §4.2',
  },
  {
    number: 'C-37',
    level: 'M',
    what: 'When a download ends, the client ends its side too: some servers withhold the final reply until it does.',
    source: 'measured',
  },
  {
    number: 'C-38',
    level: 'M',
    what: 'Data that ends without close_notify is truncated, unless the profile says otherwise; the size is compared as well.',
    source: 'RFC 8446 §6.1',
  },
  {
    number: 'C-39',
    level: 'M',
    what: 'An upload ends by close_notify, and its connection is then read until the server closes it, never torn down.',
    source: 'RFC 8446 §6.1; measured',
  },
  {
    number: 'C-40',
    level: 'M',
    what: 'ABOR travels as ordinary protected data; the data is then stopped, the replies are gathered in any order, and NOOP shows where they end.',
    source: 'draft-11 §13; measured',
  },
  {
    number: 'C-41',
    level: 'M',
    what: 'TYPE I comes before SIZE and REST, REST directly before its transfer; a refused SIZE is an unknown size, and a failure forgets the restart marker.',
    source: 'RFC 3659 §4, §5',
  },
  {
    number: 'C-42',
    level: 'S',
    what: 'Files can be appended to, and stored under a name that the server chooses and tells in its replies.',
    source: 'RFC 959 §4.1.3',
  },
  {
    number: 'C-43',
    level: 'S',
    what: 'Times are UTC, with fractions and the years that old servers get wrong; a server that can neither tell nor set them is no error.',
    source: 'RFC 3659 §3, draft-somers-ftp-mfxx',
  },
  {
    number: 'C-44',
    level: 'S',
    what: 'Listings come by MLSD where MLST is offered: facts in any case, unknown ones passed over, everything behind the first space a name.',
    source: 'RFC 3659 §7',
  },
  {
    number: 'C-45',
    level: 'S',
    what: 'Without MLSD the dialects of LIST are read: Unix, DOS, z/OS, VMS, OS/400; a line in none of them is kept as it is.',
    source: 'RFC 959 §4.1.3; captured listings',
  },
  {
    number: 'C-46',
    level: 'M',
    what: 'A name from a server never becomes a local path when it could lead out of its folder.',
    source: 'CVE-2026-27699',
  },
  {
    number: 'C-47',
    level: 'M',
    what: 'No argument carries CR, LF or NUL, user and password included; spaces stay, and doubled quotes of a 257 are read as one.',
    source: 'RFC 959 §5.3',
  },
];
