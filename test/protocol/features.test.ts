import { describe, expect, it } from 'vitest';
import { Features, formatFeatures } from '../../src/protocol/features.ts';
import { formatReply, ReplyReader } from '../../src/protocol/reply.ts';

const parse = (...lines: string[]) => Features.parse({ code: 211, lines: ['Features:', ...lines, 'End'] });

describe('Features', () => {
  it.each([
    ['IIS', ['AUTH TLS;TLS-C;SSL;TLS-P;'], ['TLS', 'TLS-C', 'SSL', 'TLS-P']],
    ['WS_FTP', ['AUTH SSL;TLS-P;'], ['SSL', 'TLS-P']],
    ['OpenVMS', ['AUTH TLS.'], ['TLS']],
    ['MS-FTPS', ['AUTH TLS;SSL;'], ['TLS', 'SSL']],
    ['pyftpdlib', [' AUTH SSL', ' AUTH TLS'], ['SSL', 'TLS']],
    ['commas', [' auth tls,ssl'], ['TLS', 'SSL']],
    ['blanks', ['\tAuth   Tls  Ssl ; '], ['TLS', 'SSL']],
    ['repeated codes', ['211-AUTH TLS', '211-AUTH SSL', '211-AUTH TLS'], ['TLS', 'SSL']],
  ])('C-8 C-48 reads AUTH as told by or with %s', (_, lines, mechanisms) => {
    expect(parse(...lines).parameters('AUTH')).toEqual(mechanisms);
  });

  it.each(['\u2126', '\u00df', '\u0131nfo'])(
    'C-48 leaves %s, no letter of ASCII, as the server wrote it',
    (name) => {
      expect(parse(` ${name}`).names).toEqual([name.replace('nfo', 'NFO')]);
      expect(parse(` ${name}`).has(name)).toBe(true);
    },
  );

  it('C-48 reads the features of IIS', () => {
    const features = parse(
      ' LANG EN*',
      ' UTF8',
      ' AUTH TLS;TLS-C;SSL;TLS-P;',
      ' PBSZ',
      ' PROT C;P;',
      ' CCC',
      ' HOST',
      ' SIZE',
      ' MDTM',
      ' REST STREAM',
    );
    expect(features.names).toEqual([
      'LANG',
      'UTF8',
      'AUTH',
      'PBSZ',
      'PROT',
      'CCC',
      'HOST',
      'SIZE',
      'MDTM',
      'REST',
    ]);
    expect(features.has('utf8')).toBe(true);
    expect(features.has('MLST')).toBe(false);
    expect(features.parameters('prot')).toEqual(['C', 'P']);
    expect(features.parameters('REST')).toEqual(['STREAM']);
    expect(features.parameters('LANG')).toEqual(['EN*']);
    expect(features.parameters('MLST')).toEqual([]);
    expect(features.mlstFacts()).toEqual([]);
  });

  it('C-48 reads the facts of MLST, and which of them are sent unasked', () => {
    const features = parse(' MLST Type*;perm*;size*;modify*;unique*;unix.mode;unix.uid;');
    expect(features.mlstFacts()).toEqual([
      'type',
      'perm',
      'size',
      'modify',
      'unique',
      'unix.mode',
      'unix.uid',
    ]);
    expect(features.mlstFacts('enabled')).toEqual(['type', 'perm', 'size', 'modify', 'unique']);
    expect(parse('MLST').has('MLST')).toBe(true);
  });

  it.each([500, 502, 530])('C-48 knows no features after %i', (code) => {
    expect(Features.parse({ code, lines: ['a', ' AUTH TLS', 'b'] })).toBe(Features.none);
  });

  it('C-48 knows no features when none are listed', () => {
    expect(Features.parse({ code: 211, lines: ['no-features'] }).names).toEqual([]);
    expect(parse('', '  ', ';').names).toEqual([]);
    expect(Features.none.has('AUTH')).toBe(false);
  });

  it('C-48 takes no name of an object’s own for a feature', () => {
    expect(parse('UTF8').has('constructor')).toBe(false);
  });

  it('S-6 writes one leading space before each feature, and reads them back', () => {
    const text = formatReply(211, formatFeatures(['AUTH TLS;SSL;', 'PBSZ', 'PROT C;P;']));
    expect(text).toBe('211-Features:\r\n AUTH TLS;SSL;\r\n PBSZ\r\n PROT C;P;\r\n211 End\r\n');
    const [reply] = new ReplyReader().push(new TextEncoder().encode(text));
    expect(reply && Features.parse(reply).names).toEqual(['AUTH', 'PBSZ', 'PROT']);
  });

  it('C-48: bears a feature that is told on tens of thousands of lines', () => {
    const told = Array.from({ length: 80_000 }, (_, index) => ` A ${index}`);
    const features = Features.parse({ code: 211, lines: ['Features', ...told, ...told, 'End'] });
    expect(features.parameters('A')).toHaveLength(80_000);
  });
});
