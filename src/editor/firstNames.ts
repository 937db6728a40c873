/** Names that a question has room for, a line each. */
const most = 10;

/** The first of them, and how many more there are. */
export function firstNames(names: readonly string[]): readonly string[] {
  const more = names.length - most;
  return [...names.slice(0, most), ...(more > 0 ? [`and ${more} more`] : [])];
}
