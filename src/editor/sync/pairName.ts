/** What tells a pair from the others of this window. */
export interface PairIdentity {
  readonly profile: { readonly name: string };
  readonly mapping: { readonly remote: string };
  readonly localFolder: string;
}

/** The same for equal pairs: whoever asks for them again gets other objects. */
export function pairName({ profile, mapping, localFolder }: PairIdentity): string {
  return [profile.name, mapping.remote, localFolder].join('\n');
}
