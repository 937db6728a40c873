import { posix, win32 } from 'node:path';
import { RemoteError } from '../remote/errors.ts';

/** A folder may be on Windows, where case and `\\` count otherwise, whatever this runs on. */
export function pathsOf(folder: string): typeof posix {
  return /^(?:[A-Za-z]:|\\\\)/.test(folder) ? win32 : posix;
}

/**
 * Where a path of a pair lies in its local folder, in the computer's own notation.
 * @param path relative to the folder, with `/`; empty for itself
 * @throws RemoteError where the computer takes a name in it for more than a name, so that it leads elsewhere
 */
export function placeIn(folder: string, path: string): string {
  const paths = pathsOf(folder);
  const place = paths.join(folder, ...path.split('/'));
  const led = paths.relative(folder, place).split(paths.sep);
  if (led[0] === '..' || led.join('/') !== path) throw leadsElsewhere(path);
  return place;
}

/** Whether a local place is the folder itself or lies in it. */
export function isWithin(folder: string, place: string): boolean {
  return pathsOf(folder).relative(folder, place) === '' || pathWithin(folder, place) !== undefined;
}

/** Relative to the folder, with `/`; undefined for the folder itself and for what lies outside. */
export function pathWithin(folder: string, file: string): string | undefined {
  const paths = pathsOf(folder);
  const path = paths.relative(folder, file);
  if (path === '' || paths.isAbsolute(path)) return undefined;
  const segments = path.split(paths.sep);
  return segments[0] === '..' ? undefined : segments.join('/');
}

function leadsElsewhere(path: string): RemoteError {
  const message = `${path} was left alone: on this computer its name leads to another place. Rename it on the server.`;
  return new RemoteError('unsafeName', path, message);
}
