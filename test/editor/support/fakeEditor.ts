import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeEach } from 'vitest';

/** A user as a test plays them; one who is asked what the test has no answer to calls it off. */
class User {
  /** What they were asked, line by line. */
  readonly asked: string[] = [];
  /** What they are shown: the commands of VS Code, with what these are about. */
  readonly shown: string[] = [];
  /** What they are told without a question. */
  readonly told: string[] = [];
  names: string[] = [];
  /** What they choose in the dialog for files and folders. */
  places: string[] = [];
  /** What they press under questions. */
  buttons: string[] = [];

  reset(): void {
    Object.assign(this, new User());
  }
}

export const user = new User();

beforeEach(() => user.reset());

/** An address, as far as commands look at it. */
export class Uri {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;

  private constructor(scheme: string, authority: string, path: string) {
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
  }

  static from({ scheme, authority, path }: Pick<Uri, 'scheme' | 'authority' | 'path'>): Uri {
    return new Uri(scheme, authority, path);
  }

  static file(path: string): Uri {
    return new Uri('file', '', pathToFileURL(path).pathname);
  }

  get fsPath(): string {
    return fileURLToPath(this.toString());
  }

  toString(): string {
    return `${this.scheme}://${this.authority}${this.path}`;
  }
}

export const window = {
  showInputBox: async ({ title }: { readonly title: string }) => {
    user.asked.push(title);
    return user.names.shift();
  },
  showWarningMessage: async (message: string, { detail }: { readonly detail: string }) => {
    user.asked.push(message, ...detail.split('\n'));
    return user.buttons.shift();
  },
  showInformationMessage: async (message: string) => void user.told.push(message),
  createTreeView: () => ({ onDidChangeCheckboxState: () => undefined, dispose: () => undefined }),
  showOpenDialog: async () => user.places.map((path) => Uri.file(path)),
  withProgress: (_where: unknown, work: (...progress: unknown[]) => Promise<unknown>) =>
    work({ report: () => undefined }, { onCancellationRequested: () => undefined }),
};

export const workspace = { textDocuments: [], isTrusted: true };

export const ProgressLocation = { Notification: 15 };

type Run = (...values: unknown[]) => Promise<void>;

const registered = new Map<string, Run>();

export const commands = {
  registerCommand: (id: string, run: Run) => {
    registered.set(id, run);
    return { dispose: () => registered.delete(id) };
  },
  executeCommand: async (id: string, ...values: unknown[]) => {
    const run = registered.get(id);
    if (run) await run(...values);
    else user.shown.push([id, ...values].join(' '));
  },
};

export class Disposable {
  readonly dispose: () => void;

  constructor(dispose: () => void) {
    this.dispose = dispose;
  }

  static from(...owned: readonly Pick<Disposable, 'dispose'>[]): Disposable {
    return new Disposable(() => owned.forEach((each) => each.dispose()));
  }
}

/** Nobody listens. */
export class EventEmitter {
  readonly event = (): void => undefined;
  readonly fire = (): void => undefined;
  readonly dispose = (): void => undefined;
}
