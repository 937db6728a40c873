import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';

/**
 * Whether a local file, links followed, lies inside a folder, links followed as well. A link in a mapped folder may lead
 * to anything on this computer, and that is not to be put on a server.
 */
export async function liesInside(localFolder: string, localFile: string): Promise<boolean> {
  try {
    const path = relative(await realpath(localFolder), await realpath(localFile));
    return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
  } catch {
    // Gone, or not to be looked at: there is nothing to upload.
    return false;
  }
}
