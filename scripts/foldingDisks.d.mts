export interface FoldingPaths {
  readonly python: string;
  /** What the programs find their libraries by. */
  readonly environment: Readonly<Record<string, string>>;
  readonly exfat: string;
  readonly makeExfat: string;
}

export function ensureFoldingDisks(options?: { log?: (line: string) => void }): Promise<FoldingPaths>;
