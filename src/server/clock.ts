/** Time as the server sees it; handed in, so that tests own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `act` once after `milliseconds`; the answer cancels it. */
  after(milliseconds: number, act: () => void): () => void;
}

/** Starts a time limit: `expire` runs unless the answer is called before. */
export type Limit = (expire: () => void) => () => void;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
};
