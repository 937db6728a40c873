import { isInside, parentPath } from '../remote/remotePath.ts';
import type { SaveJob } from '../sync/saveJob.ts';

/** Where files go, as a question names it: `ftp.example.com in /www`, and so on for each server. */
export function jobPlaces(jobs: readonly SaveJob[]): string {
  const servers = [...new Set(jobs.map(({ server }) => server))];
  const places = servers.map((server) => {
    const own = jobs.filter((job) => job.server === server);
    return `${hostOf(server)} in ${folderAround(own)}`;
  });
  return [...new Set(places)].join(' and ');
}

/** Of `user@host:port`. */
function hostOf(server: string): string {
  return server.slice(server.lastIndexOf('@') + 1, server.lastIndexOf(':'));
}

/** The innermost folder that holds all of them. */
function folderAround(jobs: readonly SaveJob[]): string {
  const [first, ...others] = jobs.map(({ remotePath }) => remotePath);
  let folder = parentPath(first ?? '/');
  while (!others.every((path) => isInside(folder, path))) folder = parentPath(folder);
  return folder;
}
