import { RemoteError } from '../remote/errors.ts';

/** The server that could not be reached is the sandbox, which ended with the VS Code that had started it. */
export class SandboxStopped extends RemoteError {
  constructor(cause: RemoteError) {
    const message = 'The sandbox server does not run. Start it by "FTPS: Start Sandbox Server".';
    super('unavailable', cause.path, message, { cause });
  }
}
