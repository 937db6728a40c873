/**
 * What a menu's command is about, of the wanted kind: first what was clicked, then what is selected with it. The
 * selection itself is in the order in which it was made, so that its first one is often not the one under the pointer.
 * @param keyOf the same for two values that stand for one thing
 */
export function chosenRows<Row>(
  [clicked, selection]: readonly unknown[],
  isWanted: (value: unknown) => value is Row,
  keyOf: (row: Row) => unknown = (row) => row,
): readonly Row[] {
  const selected: readonly unknown[] = Array.isArray(selection) ? selection : [];
  const rows = [clicked, ...selected].filter(isWanted);
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}
