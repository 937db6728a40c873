import * as fc from 'fast-check';

/** Where to cut something into chunks. */
export const cuts = fc.array(fc.nat(200), { maxLength: 20 });

/** The bytes cut at these places, in order; some chunks may be empty. */
export function chunks(whole: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [0, ...at.map((place) => Math.min(place, whole.length)).sort((a, b) => a - b), whole.length];
  return places.slice(1).map((end, index) => whole.subarray(places[index], end));
}
