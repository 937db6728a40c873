import { type DecodeText, decodeText } from './decodeText.ts';
import { ProtocolError } from './errors.ts';
import { LineSplitter } from './lineSplitter.ts';
import { printable } from './printable.ts';

/** One complete answer of a server. RFC 959 §4.2 */
export interface Reply {
  readonly code: number;
  /** The first and the last without "code-" and "code "; those between as they came. At least one. */
  readonly lines: readonly string[];
}

/** The meaning of a reply's first digit. RFC 959 §4.2.1 */
export type ReplyClass = 'preliminary' | 'completion' | 'intermediate' | 'transient' | 'permanent';

/** @throws ProtocolError when the code is not between 100 and 599 */
export function replyClass(code: number): ReplyClass {
  switch (Math.floor(code / 100)) {
    case 1:
      return 'preliminary';
    case 2:
      return 'completion';
    case 3:
      return 'intermediate';
    case 4:
      return 'transient';
    case 5:
      return 'permanent';
    default:
      throw new ProtocolError(`${code} is no reply code`);
  }
}

const longestText = 500;

/** The reply in one line for people: "550 No such file". At most about 500 characters. */
export function replyText(reply: Reply): string {
  const prefix = `${reply.code}-`;
  let text = String(reply.code);
  for (const line of reply.lines) {
    const words = printable(line.startsWith(prefix) ? line.slice(prefix.length) : line).trim();
    if (words === '') continue;
    text += ` ${words}`;
    if (text.length > longestText) return `${text.slice(0, longestText)}…`;
  }
  return text;
}

/**
 * The bytes of a reply as text, CRLF included; several lines make a multi-line reply. CR, LF and NUL in a line
 * (a name that a command brought) become spaces, and an inner line that begins with a digit is moved one space
 * to the right, so that no line can pass for the end of the reply. RFC 959 §4.2
 * @throws ProtocolError when the code is not between 100 and 599
 */
export function formatReply(code: number, lines: string | readonly string[]): string {
  if (!Number.isInteger(code) || code < 100 || code > 599)
    throw new ProtocolError(`${code} is no reply code`);
  const texts = (typeof lines === 'string' ? [lines] : lines).map((line) =>
    line.replaceAll(/[\r\n\0]/g, ' '),
  );
  const last = texts.at(-1) ?? '';
  if (texts.length < 2) return `${code} ${last}\r\n`;
  const [first, ...inner] = texts.slice(0, -1);
  const padded = inner.map((line) => (/^\d/.test(line) ? ` ${line}` : line));
  return [`${code}-${first}`, ...padded, `${code} ${last}`, ''].join('\r\n');
}

interface ReplyLimits {
  /** Bytes in one line; 8 KiB unless told. */
  readonly lineBytes: number;
  /** Bytes in one reply; 1 MiB unless told, as FEAT and STAT can be long. */
  readonly replyBytes: number;
}

/**
 * Cuts the bytes of a control connection into replies, however they are chunked. What breaks the rules of
 * RFC 959 §4.2 or passes the limits ends in `failure`, and the reader stays broken: where the next reply begins
 * cannot be known any more.
 */
export class ReplyReader {
  readonly #decode: DecodeText;
  readonly #replyBytes: number;
  readonly #splitter: LineSplitter;
  #open: { readonly code: number; readonly lines: string[]; bytes: number } | undefined;
  #failure: ProtocolError | undefined;

  constructor(decode: DecodeText = decodeText, limits: Partial<ReplyLimits> = {}) {
    this.#decode = decode;
    this.#replyBytes = limits.replyBytes ?? 1024 * 1024;
    this.#splitter = new LineSplitter(limits.lineBytes ?? 8 * 1024);
  }

  /** Set by the push that met the fault, after the replies which that push returned. */
  get failure(): ProtocolError | undefined {
    return this.#failure;
  }

  /** Whether bytes of a reply are held whose end has not come. */
  get midReply(): boolean {
    return this.#open !== undefined || this.#splitter.heldBytes > 0;
  }

  /**
   * The replies that end in this chunk, in order. A fault in the chunk does not take away the replies before it:
   * they are returned, and `failure` is set. Look at it after each push.
   * @throws ProtocolError when an earlier push failed
   */
  push(chunk: Uint8Array): Reply[] {
    if (this.#failure !== undefined) throw this.#failure;
    const replies: Reply[] = [];
    try {
      this.#splitter.split(chunk, (line) => {
        const reply = this.#take(line);
        if (reply !== undefined) replies.push(reply);
      });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#failure = error;
      this.#open = undefined;
      this.#splitter.clear();
    }
    return replies;
  }

  /** The connection has ended. @throws ProtocolError inside a reply, or when an earlier push failed */
  end(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.midReply) return;
    this.#failure = new ProtocolError('the connection ended inside a reply');
    throw this.#failure;
  }

  #take(line: Uint8Array | undefined): Reply | undefined {
    if (line === undefined) throw new ProtocolError('a line of the reply is too long');
    const open = this.#open;
    if (open === undefined) return this.#begin(line);
    // C-52: only the same code and a space end the reply, whatever else the lines between begin with.
    const ends = replyCode(line) === open.code && line[3] === space;
    open.bytes += line.length + 1;
    if (open.bytes > this.#replyBytes) throw new ProtocolError('the reply is too long');
    open.lines.push(this.#decode(ends ? line.subarray(4) : line));
    if (!ends) return undefined;
    this.#open = undefined;
    return { code: open.code, lines: open.lines };
  }

  #begin(line: Uint8Array): Reply | undefined {
    const code = replyCode(line);
    const separator = line[3] ?? space;
    if (code === undefined || (separator !== space && separator !== hyphen)) {
      const start = printable(decodeText(line.subarray(0, 60)));
      throw new ProtocolError(`not an FTP reply: "${start}"`);
    }
    if (line.length + 1 > this.#replyBytes) throw new ProtocolError('the reply is too long');
    const lines = [this.#decode(line.subarray(4))];
    if (separator === space) return { code, lines };
    this.#open = { code, lines, bytes: line.length + 1 };
    return undefined;
  }
}

const space = 0x20;
const hyphen = 0x2d;

/** The three digits that a line begins with, 100 to 599. */
function replyCode(line: Uint8Array): number | undefined {
  const [first = 0, second = 0, third = 0] = line;
  if (first < 0x31 || first > 0x35 || !isDigit(second) || !isDigit(third)) return undefined;
  return (first - 0x30) * 100 + (second - 0x30) * 10 + (third - 0x30);
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
