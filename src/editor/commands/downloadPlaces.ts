import { join } from 'node:path';
import { foldedName } from '../../remote/foldedName.ts';
import { isSafeLocalName, localPlatform } from '../../remote/localName.ts';
import { baseName } from '../../remote/remotePath.ts';

/** Something on a server. */
export interface RemoteSource {
  readonly connection: { readonly profile: { readonly name: string } };
  /** Absolute. */
  readonly path: string;
}

export interface DownloadPlaces<Source> {
  readonly downloads: readonly { readonly source: Source; readonly place: string }[];
  /** Whether each place is the path on the server, in a folder with the connection's name. */
  readonly areApart: boolean;
}

/** Where in a local folder downloads go: beside each other, or apart where a disk might take two names for one. */
export function downloadPlaces<Source extends RemoteSource>(
  folder: string,
  sources: readonly Source[],
): DownloadPlaces<Source> {
  const nameOf = ({ connection, path }: RemoteSource): string => baseName(path) || connection.profile.name;
  const areApart = new Set(sources.map((source) => foldedName(nameOf(source)))).size < sources.length;
  const segments = (source: RemoteSource): readonly string[] =>
    areApart ? [source.connection.profile.name, ...source.path.split('/').filter(Boolean)] : [nameOf(source)];
  const placeOf = (source: RemoteSource): string => join(folder, ...segments(source).map(requireSafe));
  return { downloads: sources.map((source) => ({ source, place: placeOf(source) })), areApart };
}

/** The server's name becomes a local one, so it must not lead out of the folder that the user chose. C-46 */
function requireSafe(name: string): string {
  if (isSafeLocalName(name, localPlatform())) return name;
  throw new Error(`${JSON.stringify(name)} cannot be a name on this computer. Rename it first.`);
}
