import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CodeServer, startCodeServer } from '../../../scripts/codeServer.mjs';
import { extensionHosts } from './extensionHosts.ts';
import { userSettings } from './userSettings.ts';

const packageFile = join(import.meta.dirname, '../../../out/ftps-explorer.vsix');

interface VsCodeOptions {
  /** Further variables for the extension host; `undefined` removes one. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** VSIX files to install; by default the extension. */
  readonly packages?: readonly string[];
  readonly parameters?: readonly string[];
  /** Whether folders have to be trusted before their settings count. */
  readonly workspaceTrust?: boolean;
}

/** A real VS Code with folders of its own, served to a browser. */
export class VsCode implements AsyncDisposable {
  /** Holds everything below. */
  readonly root: string;
  readonly userData: string;
  /** The local folder that windows open. */
  readonly workspace: string;
  /** What it asks of a browser. */
  readonly password: string;
  readonly #server: CodeServer;
  readonly #output: string[];

  private constructor(root: string, password: string, server: CodeServer, output: string[]) {
    this.root = root;
    this.userData = join(root, 'user-data');
    this.workspace = join(root, 'workspace');
    this.password = password;
    this.#server = server;
    this.#output = output;
  }

  static async start(options: VsCodeOptions = {}): Promise<VsCode> {
    const root = mkdtempSync(join(tmpdir(), 'ftps-explorer-'));
    const userData = join(root, 'user-data');
    mkdirSync(join(userData, 'User'), { recursive: true });
    mkdirSync(join(root, 'workspace'));
    const settings = { ...userSettings, ...options.settings };
    writeFileSync(join(userData, 'User/settings.json'), JSON.stringify(settings, null, 2));
    const output: string[] = [];
    const password = randomUUID();
    const server = await startCodeServer({
      userData,
      extensions: join(root, 'extensions'),
      password,
      packages: options.packages ?? [packageFile],
      parameters: [
        ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
        ...(options.parameters ?? []),
      ],
      environment: environmentIn(root, options.environment),
      log: (line) => output.push(line),
    });
    return new VsCode(root, password, server, output);
  }

  get url(): string {
    return this.#server.url;
  }

  /** The processes that run the extensions of its windows. */
  get extensionHosts(): readonly number[] {
    return extensionHosts(this.#server.pid);
  }

  /** The address of a window on a local folder, by default the workspace. */
  windowOn(folder = this.workspace): string {
    return `${this.url}/?folder=${encodeURIComponent(folder)}`;
  }

  /** The address of a window on a .code-workspace file. */
  windowOnWorkspace(file: string): string {
    return `${this.url}/?workspace=${encodeURIComponent(file)}`;
  }

  /** What VS Code printed. */
  get output(): string {
    return this.#output.join('\n');
  }

  /** What the settings of the workspace hold from now on: these connections, by their names. */
  writeConnections(connections: Readonly<Record<string, unknown>>): void {
    this.writeWorkspaceFile('.vscode/settings.json', JSON.stringify({ 'ftps.profiles': connections }));
  }

  writeWorkspaceFile(path: string, content: string): void {
    const file = join(this.workspace, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
  }

  removeWorkspaceFile(path: string): void {
    rmSync(join(this.workspace, path));
  }

  readWorkspaceFile(path: string): string {
    return readFileSync(join(this.workspace, path), 'utf8');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.kill();
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The environment of a machine without display, session bus or keyring, whose folders are all below `root`. */
function environmentIn(root: string, further: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const environment = {
    ...process.env,
    XDG_CONFIG_HOME: join(root, 'config'),
    XDG_DATA_HOME: join(root, 'data'),
    DBUS_SESSION_BUS_ADDRESS: undefined,
    XDG_RUNTIME_DIR: undefined,
    DISPLAY: undefined,
    WAYLAND_DISPLAY: undefined,
    FTPS_EXPLORER_DEMO: undefined,
    ...further,
  };
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined));
}
