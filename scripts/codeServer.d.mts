export interface CodeServerOptions {
  readonly userData: string;
  readonly extensions: string;
  readonly password: string;
  readonly packages: readonly string[];
  readonly port?: number;
  readonly environment?: NodeJS.ProcessEnv;
  readonly parameters?: readonly string[];
  readonly log?: (line: string) => void;
}

export interface CodeServer {
  readonly url: string;
  /** Of the process around all others that belong to it. */
  readonly pid: number;
  readonly ended: Promise<unknown>;
  /** Lets it end in good order, which takes it seconds. */
  stop(): Promise<void>;
  /** For one whose folders nobody needs any more. */
  kill(): Promise<void>;
}

export function startCodeServer(options: CodeServerOptions): Promise<CodeServer>;
export function withoutEditorVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
