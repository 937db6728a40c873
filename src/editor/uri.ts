import type { Uri } from 'vscode';
import { normalisePath } from '../remote/remotePath.ts';

export const ftpsScheme = 'ftps';

/** A place on a server: the connection by its name, as the address carries it (lower case), and an absolute path. */
export interface RemoteLocation {
  readonly profile: string;
  readonly path: string;
}

/** The pieces of `ftps://<profile>/<absolute path>`, for `Uri.from`. Authorities come back in lower case. */
export function addressOf(
  profile: string,
  path: string,
): { readonly scheme: string; readonly authority: string; readonly path: string } {
  return { scheme: ftpsScheme, authority: profile.toLowerCase(), path: normalisePath(path) };
}

export function locationOf(uri: Pick<Uri, 'authority' | 'path'>): RemoteLocation {
  return { profile: uri.authority.toLowerCase(), path: normalisePath(uri.path) };
}
