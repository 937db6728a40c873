export function ensureRecentCurl(options?: {
  log?: (line: string) => void;
}): Promise<{ readonly command: string; readonly libraryPath: string }>;
