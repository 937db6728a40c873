import { CommandReader, type ReceivedCommand } from '../protocol/command.ts';
import { TelnetFilter } from '../protocol/telnetFilter.ts';

export type Received = ReceivedCommand | { readonly overlong: true };

const LF = 10;
const CUT_ABORT = 'ABOR\r';

/**
 * The commands in the bytes of a control connection. S-24: an ABOR counts before its LF has come, because clients send that
 * byte as urgent data, which is not in the stream; RFC 959 §4.1.3 wants it so, and Python's ftplib does it.
 */
export class CommandLines {
  readonly #reader: CommandReader;
  readonly #telnet = new TelnetFilter();
  /** The beginning of the line that has not ended; no more of it than tells that it is no ABOR. */
  #line = '';
  /** The LF of an ABOR that was taken early may come yet. */
  #expectsLineFeed = false;

  constructor(lineBytes: number) {
    this.#reader = new CommandReader(undefined, lineBytes);
  }

  /** The commands that end in this chunk, in order. */
  push(chunk: Buffer): Received[] {
    const late = this.#expectsLineFeed && chunk[0] === LF;
    const bytes = late ? chunk.subarray(1) : chunk;
    this.#expectsLineFeed = false;
    const commands: Received[] = this.#reader.push(bytes);
    this.#follow(bytes);
    if (this.#line.toUpperCase() === CUT_ABORT) {
      this.discard();
      this.#expectsLineFeed = true;
      commands.push({ verb: 'ABOR', argument: '' });
    }
    return commands;
  }

  /** Drops the bytes of a command whose end has not come. */
  discard(): void {
    this.#reader.discard();
    this.#telnet.clear();
    this.#line = '';
    this.#expectsLineFeed = false;
  }

  #follow(bytes: Buffer): void {
    const plain = Buffer.from(this.#telnet.strip(bytes));
    const end = plain.lastIndexOf(LF);
    if (end >= 0) this.#line = '';
    const room = CUT_ABORT.length + 1 - this.#line.length;
    this.#line += plain.subarray(end + 1, end + 1 + room).toString('latin1');
  }
}
