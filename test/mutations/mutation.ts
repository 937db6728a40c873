/** One small break of the product, which a test that carries the requirement's number has to notice. */
export interface Mutation {
  readonly requirement: string;
  /** Its path in the repository. */
  readonly file: string;
  /** Text that stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What is broken then. */
  readonly why: string;
}
