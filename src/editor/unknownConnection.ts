/** An address names a connection that this window does not have, or cannot use. */
export class UnknownConnection extends Error {
  override readonly name = 'UnknownConnection';

  /** @param problems why it cannot be used, where there is one */
  constructor(connection: string, problems: readonly string[] = []) {
    const advice = 'Look at the setting ftps.profiles, or add it in the Connections view.';
    const why = problems.length > 0 ? problems.join('; ') : advice;
    super(`There is no usable connection "${connection}" in this window. ${why}`);
  }
}
