/** The text on one line, for people and logs: every control character becomes a space. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}

/** Whether the text holds CR, LF or NUL, which no line of the control connection can carry. */
export function breaksLine(text: string): boolean {
  return text.includes('\r') || text.includes('\n') || text.includes('\0');
}
