/** The connection is not open, and the user has not asked for it to be opened. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected';

  constructor(connection: string, options?: ErrorOptions) {
    super(`"${connection}" is not connected. Connect it in the Connections view.`, options);
  }
}
