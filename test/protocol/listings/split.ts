/** The lines of a listing as the fixtures hold them, between two line ends. */
export function split(listing: string): string[] {
  return listing.slice(1, -1).split('\n');
}
