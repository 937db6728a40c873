import { formatFeatures } from '../../protocol/features.ts';
import { formatHashFeature } from '../../protocol/hash.ts';
import type { Session } from '../session.ts';
import { allFacts, hashAlgorithms } from '../sessionState.ts';
import { chooseHash } from './checksums.ts';
import type { Answer, CommandTable } from './command.ts';

/** What the server is, and how it shall send. RFC 959 §4.1.2, RFC 2389 */
export const parameterCommands: CommandTable = {
  TYPE: {
    run: (session, argument) => {
      const [type = '', form = ''] = argument.trim().toUpperCase().split(/\s+/);
      if (type === '') return [501, 'TYPE wants A or I.'];
      if (type === 'A' && (form === '' || form === 'N')) session.state.type = 'A';
      else if ((type === 'I' && form === '') || (type === 'L' && form === '8')) session.state.type = 'I';
      else return [504, 'Only TYPE A and I are known.'];
      return [200, `TYPE ${session.state.type}`];
    },
  },
  MODE: { run: (_session, argument) => only('S', argument) },
  STRU: { run: (_session, argument) => only('F', argument) },
  SYST: { run: () => [215, 'UNIX Type: L8'] },
  FEAT: { run: (session) => [211, formatFeatures(features(session))] },
  OPTS: { needsArgument: true, run: setOption },
  CLNT: { run: () => [200, 'Noted.'] },
  HELP: {
    run: (session) => [214, ['Known commands:', ` ${known(session).join(' ')}`, 'End']],
  },
};

const NO_OPTION: Answer = [501, 'That option is not known.'];

function only(letter: string, argument: string): Answer {
  if (argument.trim() === '') return [501, 'A letter is missing.'];
  return argument.trim().toUpperCase() === letter ? [200, 'So be it.'] : [504, `Only ${letter} is known.`];
}

/** S-6: the same on implicit, where AUTH is there for information only. [MS-FTPS] 3.2.5.5 */
function features(session: Session): string[] {
  const { facts: chosen, hash } = session.state;
  const facts = allFacts.map((fact) => `${fact}${chosen.includes(fact) ? '*' : ''};`).join('');
  const lines = [
    'AUTH TLS;SSL;',
    ...(session.settings.clearControl === 'allowed' ? ['CCC'] : []),
    'EPRT',
    'EPSV',
    formatHashFeature(hashAlgorithms, hash),
    'HOST',
    'MDTM',
    'MFMT',
    `MLST ${facts}`,
    'PASV',
    'PBSZ',
    'PROT C;P;',
    'REST STREAM',
    'SIZE',
    'TVFS',
    'UTF8',
    'XMD5',
    'XSHA1',
    'XSHA256',
    'XSHA512',
  ];
  return lines.filter((line) => !session.settings.hidden.has(line.replace(/ .*/, '')));
}

function setOption(session: Session, argument: string): Answer {
  const [name = '', ...rest] = argument.trim().split(/\s+/);
  switch (name.toUpperCase()) {
    case 'UTF8':
      // Names are UTF-8 here whatever the client says; RFC 2640 knows no OFF.
      return /^(|ON)$/i.test(rest.join('')) ? [200, 'Names are UTF-8.'] : [504, 'Names are always UTF-8.'];
    case 'HASH':
      return session.settings.hidden.has('HASH') ? NO_OPTION : chooseHash(session, rest.join(' '));
    case 'MLST': {
      const wanted = (rest[0] ?? '').toLowerCase().split(';');
      const facts = allFacts.filter((fact) => wanted.includes(fact.toLowerCase()));
      session.state.facts = facts;
      return [200, `MLST OPTS ${facts.map((fact) => `${fact};`).join('')}`.trimEnd()];
    }
    default:
      return NO_OPTION;
  }
}

function known(session: Session): string[] {
  return Object.keys(session.surroundings.commands)
    .filter((verb) => !session.settings.hidden.has(verb))
    .sort();
}
