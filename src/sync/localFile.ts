import { realpath } from 'node:fs/promises';
import { pathWithin } from './placeIn.ts';

/**
 * Whether a local file, links followed, lies inside a folder, links followed as well. A link in a mapped folder may lead
 * to anything on this computer, and that is not to be put on a server.
 */
export async function liesInside(localFolder: string, localFile: string): Promise<boolean> {
  try {
    return pathWithin(await realpath(localFolder), await realpath(localFile)) !== undefined;
  } catch {
    // Gone, or not to be looked at: there is nothing to upload.
    return false;
  }
}
