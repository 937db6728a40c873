import type { Requirement } from './requirement.ts';

/** Client: what is said and heard on the control connection. */
export const dialogue: readonly Requirement[] = [
  {
    number: 'C-48',
    level: 'M',
    what: 'FEAT is read in every shape that servers write it, merged where they repeat themselves, and asked for anew after AUTH and login; a refusal means no features.',
    source: 'RFC 2389',
  },
  {
    number: 'C-49',
    level: 'S',
    what: 'Names are UTF-8 where the server offers it, whatever it answers to OPTS UTF8 ON; a profile can name another character set.',
    source: 'RFC 2640',
  },
  {
    number: 'C-50',
    level: 'S',
    what: 'HOST goes before USER, names the host that TLS was asked for, is said again after REIN, and may be unknown to the server.',
    source: 'RFC 7151',
  },
  {
    number: 'C-51',
    level: 'O',
    what: 'SYST, CLNT and OPTS MLST may fail without consequence.',
    source: 'RFC 2389',
  },
  {
    number: 'C-52',
    level: 'M',
    what: 'Replies of many lines end only at their own code and a space, however they are cut; they are bounded, and garbage or an end within one breaks the protocol. Their words decide nothing.',
    source: 'RFC 959 §4.2',
  },
  {
    number: 'C-53',
    level: 'M',
    what: 'A reply that nothing was asked for, or a 421, ends the session.',
    source: 'RFC 959 §5.4',
  },
  {
    number: 'C-54',
    level: 'S',
    what: 'Every wait has a limit of its own; the control connection is not timed during a transfer, and kept alive there only on request.',
    source: 'RFC 1123 §4.1.3.2',
  },
  {
    number: 'C-55',
    level: 'S',
    what: 'Clear text inside TLS is told as such, with what the server said, and may be tried again.',
    source: 'measured',
  },
  {
    number: 'C-56',
    level: 'M',
    what: 'Neither password nor account is ever in a log.',
    source: 'RFC 2577 §5',
  },
  {
    number: 'C-57',
    level: 'S',
    what: 'A session ends with QUIT, a short wait for 221, and close_notify.',
    source: 'RFC 959 §4.1.1',
  },
  {
    number: 'C-58',
    level: 'M',
    what: 'Sessions side by side never offer each other’s TLS sessions.',
    source: 'measured',
  },
];
