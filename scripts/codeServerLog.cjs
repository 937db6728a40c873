// Takes the place of @vscode/spdlog in code-server: VS Code writes its log files and the text of every output channel
// through it, and the native library would need a compiler.
const { appendFileSync, mkdirSync, renameSync, statSync } = require('node:fs');
const { dirname, extname } = require('node:path');

const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  #file;
  #largest;
  #level = 2;
  #raw = false;
  #size;

  constructor(_type, _name, file, largest) {
    this.#file = file;
    this.#largest = largest;
    this.#size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }

  trace(message) {
    this.#write(0, message);
  }

  debug(message) {
    this.#write(1, message);
  }

  info(message) {
    this.#write(2, message);
  }

  warn(message) {
    this.#write(3, message);
  }

  error(message) {
    this.#write(4, message);
  }

  critical(message) {
    this.#write(5, message);
  }

  getLevel() {
    return this.#level;
  }

  setLevel(level) {
    this.#level = level;
  }

  setPattern() {}

  clearFormatters() {
    this.#raw = true;
  }

  flush() {}

  drop() {}

  #write(level, message) {
    if (level < this.#level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    const text = this.#raw ? message : `${time} [${names[level]}] ${message}\n`;
    const bytes = Buffer.byteLength(text);
    if (this.#size > 0 && this.#size + bytes > this.#largest) {
      const ending = extname(this.#file);
      renameSync(this.#file, `${this.#file.slice(0, -ending.length)}.1${ending}`);
      this.#size = 0;
    }
    this.#size += bytes;
    // Only the user: a log tells where one works.
    appendFileSync(this.#file, text, { mode: 0o600 });
  }
}

async function createLogger(name, file, largest) {
  mkdirSync(dirname(file), { recursive: true });
  return new Logger('rotating', name, file, largest);
}

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
