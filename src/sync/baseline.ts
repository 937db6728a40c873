import type { SeenVersion } from './fileVersion.ts';

/** What both sides had under a path when they were last in step. */
export type BaselineEntry =
  | {
      readonly kind: 'file';
      readonly local: SeenVersion;
      readonly remote: SeenVersion;
      /** SHA-256 of the content, hexadecimal. */
      readonly hash: string;
    }
  | { readonly kind: 'folder' };

export type Baseline = ReadonlyMap<string, BaselineEntry>;
