/** `1 file`, `20,000 files`. */
export function counted(count: number, noun: string, locale?: string): string {
  return `${numberText(count, locale)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `19,999 of 20,000 files`. */
export function countedOf(part: number, count: number, noun: string, locale?: string): string {
  return `${numberText(part, locale)} of ${counted(count, noun, locale)}`;
}

export function numberText(count: number, locale?: string): string {
  return new Intl.NumberFormat(locale).format(count);
}
