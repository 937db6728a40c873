/** `M` must, `S` should, `O` may. */
type Level = 'M' | 'S' | 'O';

/** One thing that the protocol asks of a role. */
export interface Requirement {
  /** `C-…` of the client, `S-…` of the server. */
  readonly number: string;
  readonly level: Level;
  readonly what: string;
  /** Where it comes from; `measured` where servers taught it. */
  readonly source: string;
}
