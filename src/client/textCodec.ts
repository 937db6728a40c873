import { formatCommand } from '../protocol/command.ts';
import type { DecodeText } from '../protocol/decodeText.ts';
import { FtpsError, reasonOf } from './errors.ts';

/** How names, commands and replies become bytes and back. */
export interface TextCodec {
  /** @throws Error when the character set lacks a character */
  encode(text: string): Buffer;
  /** undefined stands for UTF-8 with Latin-1 for what is not UTF-8. */
  readonly decode: DecodeText | undefined;
}

export const utf8: TextCodec = { encode: (text) => Buffer.from(text, 'utf8'), decode: undefined };

const latin1: TextCodec = {
  encode(text) {
    // The low byte of a character that Latin-1 does not have would go out, and that of "Ċ" is a line feed.
    if (/[^\0-\xff]/.test(text)) throw new Error('a character is not in Latin-1');
    return Buffer.from(text, 'latin1');
  },
  decode: (bytes) => Buffer.from(bytes).toString('latin1'),
};

const ascii = String.fromCharCode(...Array.from({ length: 126 }, (_, index) => index + 1));

/** The character sets that take no table; undefined for any other. */
export function builtInCodec(encoding: string): TextCodec | undefined {
  if (isUtf8(encoding)) return utf8;
  return /^(?:latin-?1|iso-?8859-?1)$/i.test(encoding) ? latin1 : undefined;
}

/** Loads the table of a character set. @throws FtpsError `invalidArgument` when it cannot be used */
export async function loadCodec(encoding: string): Promise<TextCodec> {
  const { default: iconv } = await import('iconv-lite');
  if (!iconv.encodingExists(encoding)) {
    throw unusable(
      encoding,
      'is not known: use a name such as "utf8", "latin1", "windows-1252" or "shift_jis"',
    );
  }
  const decode: DecodeText = (bytes) => iconv.decode(bytes, encoding, { stripBOM: false });
  const codec: TextCodec = {
    encode(text) {
      const bytes = iconv.encode(text, encoding, { addBOM: false });
      if (decode(bytes) !== text) throw new Error(`a character is not in ${encoding}`);
      return bytes;
    },
    decode,
  };
  // Commands and line ends are ASCII, whatever the names are in. RFC 959 §5.3
  if (!iconv.encode(ascii, encoding).equals(Buffer.from(ascii, 'latin1'))) {
    throw unusable(encoding, 'does not hold ASCII as it is, which FTP commands are made of');
  }
  return codec;
}

export function isUtf8(encoding = 'utf8'): boolean {
  return /^utf-?8$/i.test(encoding);
}

/** One command as it goes on the wire. @throws FtpsError `invalidArgument` when it would not stay one line. C-47 */
export function encodeCommand(verb: string, argument: string | undefined, codec: TextCodec): Buffer {
  try {
    return codec.encode(formatCommand(verb, argument));
  } catch (cause) {
    throw new FtpsError('invalidArgument', 'command', `${verb} was not sent: ${reasonOf(cause)}.`, { cause });
  }
}

function unusable(encoding: string, reason: string): FtpsError {
  const message = `The character set ${JSON.stringify(encoding)} of the option "encoding" ${reason}.`;
  return new FtpsError('invalidArgument', 'connect', message);
}
