/**
 * An id that sorts behind these, though the clock may have been set back since. Then it tells two times: the one that it
 * sorts by, and the true one.
 * @param now milliseconds since the epoch
 */
export function idAfter(ids: readonly string[], now: number): string {
  const order = Math.max(now, ...ids.flatMap((id) => timesIn(id).slice(0, 1)).map((time) => time + 1));
  return order === now ? textOf(now) : `${textOf(order)}-${textOf(now)}`;
}

/** When a sync began, out of its id; undefined for an id that tells no time. Milliseconds since the epoch. */
export function timeOfSync(id: string): number | undefined {
  return timesIn(id).at(-1);
}

function textOf(time: number): string {
  return new Date(time).toISOString().replaceAll(/[-:]/g, '');
}

function timesIn(id: string): number[] {
  return id.split('-').flatMap((text) => {
    const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)([\d.]+)Z$/.exec(text);
    if (!match) return [];
    const [, year, month, day, hours, minutes, seconds] = match;
    const time = Date.parse(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
    return Number.isNaN(time) ? [] : [time];
  });
}
