/** `1 file`, `20,000 files`. */
export function counted(count: number, noun: string, locale?: string): string {
  return `${new Intl.NumberFormat(locale).format(count)} ${noun}${count === 1 ? '' : 's'}`;
}
