/** Whether the operating system refused something for one of these reasons, such as `EEXIST`. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
  );
}

/** Handles the failure to find a file: there is something else to go on with. */
export function ifMissing<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return value;
    throw error;
  };
}
