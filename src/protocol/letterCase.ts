/** Names of commands and features are ASCII (RFC 959 §5.3, RFC 2389 §2.2): letters outside of it are left alone. */
export function upperCase(name: string): string {
  return name.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}
