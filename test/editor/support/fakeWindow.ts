type Profiles = Readonly<Record<string, unknown>>;

/** A window of VS Code with its folders and its settings, in which a user presses the buttons that a test names. */
export class FakeWindow {
  user: Profiles | undefined;
  workspace: Profiles | undefined;
  /** By the address of each folder, which may have none. */
  readonly folders = new Map<string, Profiles | undefined>();
  /** What is pressed, question by question; then nothing. */
  buttons: string[] = [];
  /** The questions that the user saw, with their details. */
  readonly questions: string[] = [];
  /** The commands that were executed, with what they were about. */
  readonly executed: string[] = [];

  readonly vscode = {
    Disposable: class {
      constructor(readonly dispose: () => void) {}
    },
    ConfigurationTarget: { Global: 1, Workspace: 2, WorkspaceFolder: 3 },
    Uri: { parse: uriOf, from: (parts: Parts) => uriOf(`${parts.scheme}://${parts.authority}${parts.path}`) },
    commands: {
      executeCommand: async (id: string, about?: unknown) =>
        void this.executed.push(`${id} ${String(about)}`),
    },
    window: {
      showWarningMessage: async (message: string, ...rest: readonly unknown[]) => this.#ask(message, rest),
    },
    workspace: this.#settings(),
  };

  async #ask(message: string, rest: readonly unknown[]): Promise<string | undefined> {
    const details = rest.flatMap((part) => (hasDetail(part) ? [part.detail] : []));
    this.questions.push([message, ...details].join('\n'));
    const pressed = this.buttons.shift();
    if (pressed !== undefined && !rest.includes(pressed)) throw new Error(`There is no button ${pressed}.`);
    return pressed;
  }

  #settings() {
    const addresses = () => [...this.folders.keys()];
    return {
      isTrusted: true,
      workspaceFile: undefined,
      get workspaceFolders() {
        return addresses().map((address) => ({ uri: uriOf(address) }));
      },
      getConfiguration: (_section: string, folder: { toString(): string } | null) => ({
        inspect: () => ({
          globalValue: this.user,
          workspaceValue: this.workspace,
          workspaceFolderValue: folder ? this.folders.get(folder.toString()) : undefined,
        }),
        update: async (_key: string, profiles: Profiles | undefined, target: number) => {
          if (target === 1) this.user = profiles;
          else if (target === 2) this.workspace = profiles;
          else if (folder) this.folders.set(folder.toString(), profiles);
        },
      }),
    };
  }
}

interface Parts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
}

function uriOf(text: string): Parts & { toString(): string } {
  const [, scheme = '', authority = '', path = ''] = /^(\w+):\/\/([^/]*)(.*)$/.exec(text) ?? [];
  return { scheme, authority, path, toString: () => text };
}

function hasDetail(part: unknown): part is { readonly detail: string } {
  return typeof part === 'object' && part !== null && 'detail' in part;
}
