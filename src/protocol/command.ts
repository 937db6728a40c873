import { type DecodeText, decodeText } from './decodeText.ts';
import { ProtocolError } from './errors.ts';
import { upperCase } from './letterCase.ts';
import { LineSplitter } from './lineSplitter.ts';
import { breaksLine, printable } from './printable.ts';
import { TelnetFilter } from './telnetFilter.ts';

/** One command as a line with its CRLF. @throws ProtocolError on what would not stay one line as it is meant */
export function formatCommand(verb: string, argument?: string): string {
  const line = argument === undefined ? verb : `${verb} ${argument}`;
  // C-47: a CR, LF or NUL in a name, user or password would begin another command, or cut this one short.
  if (verb === '' || breaksLine(line)) throw new ProtocolError('a command cannot hold CR, LF or NUL');
  if (/\p{Surrogate}/u.test(line)) throw new ProtocolError('a command cannot hold half a character');
  return `${line}\r\n`;
}

/** The command for a log: without line ends, the argument of PASS and ACCT masked. */
export function redactCommand(line: string): string {
  const parts = line.split(/[\r\n]+/).filter((part) => part !== '');
  // C-56: masked at one length, which tells nothing about the secret's.
  return parts.map((part) => printable(part).replace(/^(\s*(?:PASS|ACCT)\s).*$/i, '$1********')).join(' ');
}

export interface ReceivedCommand {
  /** Upper case. Empty for an empty line. */
  readonly verb: string;
  /** All after the one space behind the verb; empty when there is none. */
  readonly argument: string;
}

/** A line over the limit has come; it is told once and swallowed up to its end. */
interface OverlongCommand {
  readonly overlong: true;
}

/** Cuts the bytes of a control connection into commands, however they are chunked; Telnet's IAC is stripped. */
export class CommandReader {
  readonly #decode: DecodeText;
  readonly #splitter: LineSplitter;
  readonly #telnet = new TelnetFilter();

  /** @param lineBytes longest line, in bytes without its LF */
  constructor(decode: DecodeText = decodeText, lineBytes = 8192) {
    this.#decode = decode;
    this.#splitter = new LineSplitter(lineBytes);
  }

  /** The commands that end in this chunk, in order. */
  push(chunk: Uint8Array): (ReceivedCommand | OverlongCommand)[] {
    const commands: (ReceivedCommand | OverlongCommand)[] = [];
    this.#splitter.split(this.#telnet.strip(chunk), (line) => {
      commands.push(line === undefined ? { overlong: true } : readCommand(this.#decode(line)));
    });
    return commands;
  }

  /** Drops the bytes of a command whose end has not come, as behind AUTH. Returns how many they were. */
  discard(): number {
    const dropped = this.#splitter.heldBytes + this.#telnet.heldBytes;
    this.#splitter.clear();
    this.#telnet.clear();
    return dropped;
  }
}

function readCommand(line: string): ReceivedCommand {
  const end = line.indexOf(' ');
  if (end < 0) return { verb: upperCase(line), argument: '' };
  return { verb: upperCase(line.slice(0, end)), argument: line.slice(end + 1) };
}
