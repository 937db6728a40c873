/** An address names a connection that this window does not have, or cannot use. */
export class UnknownConnection extends Error {
  override readonly name = 'UnknownConnection';

  constructor(connection: string) {
    super(
      `There is no usable connection "${connection}" in this window. Look at the setting ftps.profiles, or add it in the Connections view.`,
    );
  }
}
