/** Time as the sync needs it; handed in, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `act` once after `milliseconds`; the answer cancels it. */
  after(milliseconds: number, act: () => void): () => void;
}
