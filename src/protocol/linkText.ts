const arrow = ' -> ';

/**
 * Parts "name -> target" as ls prints a link. Where the arrow occurs more than once, the one counts whose target
 * is as long as the link's size, which on Unix is the target's length in bytes; failing that, the first one.
 */
export function splitLink(text: string, size = 0): readonly [name: string, target?: string] {
  const first = text.indexOf(arrow);
  if (first < 0) return [text];
  const candidates = [text.length - size, startOfLastBytes(text, size)];
  const start = candidates.find((position) => position > arrow.length && text.endsWith(arrow, position));
  const targetStart = start ?? first + arrow.length;
  return [text.slice(0, targetStart - arrow.length), text.slice(targetStart)];
}

/** Where the text's last `bytes` bytes begin when it is written as UTF-8. */
function startOfLastBytes(text: string, bytes: number): number {
  let start = text.length;
  for (let left = bytes; left > 0 && start > 0; ) {
    start -= 1;
    const unit = text.charCodeAt(start);
    // Each half of a surrogate pair is two of its four bytes.
    if (unit < 0x80) left -= 1;
    else if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) left -= 2;
    else left -= 3;
  }
  return start;
}
