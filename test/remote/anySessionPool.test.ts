import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FtpsError } from '../../src/client/errors.ts';
import { type BorrowedSession, SessionPool } from '../../src/remote/sessionPool.ts';
import type { Priority } from '../../src/remote/sessionQueue.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { FakeHost, type FakeSession, settle } from './support/fakeSession.ts';

type State = 'waiting' | 'busy' | 'over';

interface Request {
  readonly priority: Priority;
  readonly controller: AbortController;
  state: State;
  session?: BorrowedSession<FakeSession>;
}

type Move =
  | { readonly kind: 'ask'; readonly priority: Priority }
  | { readonly kind: 'cancel' | 'giveBack' | 'accept' | 'lose'; readonly which: number }
  | { readonly kind: 'refuse'; readonly which: number; readonly error: Error }
  | { readonly kind: 'advance'; readonly milliseconds: number };

const failures = [
  new FtpsError('tooManySessions', 'login', 'Too many.'),
  new FtpsError('unreachable', 'connect', 'No route.'),
  new FtpsError('closed', 'greeting', 'Reset.'),
];
const which = fc.nat(20);
const moves = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Move>({ kind: 'ask', priority: 'interactive' }) },
    { weight: 6, arbitrary: fc.constant<Move>({ kind: 'ask', priority: 'background' }) },
    { weight: 6, arbitrary: which.map<Move>((at) => ({ kind: 'accept', which: at })) },
    { weight: 6, arbitrary: which.map<Move>((at) => ({ kind: 'giveBack', which: at })) },
    { weight: 2, arbitrary: which.map<Move>((at) => ({ kind: 'cancel', which: at })) },
    { weight: 1, arbitrary: which.map<Move>((at) => ({ kind: 'lose', which: at })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(which, fc.constantFrom(...failures))
        .map<Move>(([at, error]) => ({ kind: 'refuse', which: at, error })),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(1000, 60_000, 200_000, 600_000)
        .map<Move>((milliseconds) => ({ kind: 'advance', milliseconds })),
    },
  ),
  { maxLength: 60 },
);
const wanted = fc.integer({ min: 1, max: 5 });

function pick<T>(items: readonly T[], at: number): T | undefined {
  return items[at % items.length];
}

/** A pool, its server and those who use it. */
class Play {
  readonly host = new FakeHost();
  readonly clock = new FakeClock();
  readonly requests: Request[] = [];
  readonly pool: SessionPool<FakeSession>;
  readonly #answered = new Set<number>();

  constructor(limit: number) {
    this.pool = new SessionPool(this.host.connect, { limit, keepAlive: 50_000, clock: this.clock });
  }

  get open(): readonly FakeSession[] {
    return this.host.sessions.filter(({ isOpen }) => isOpen);
  }

  /** Attempts that wait for the server's answer. */
  get attempts(): readonly number[] {
    return this.host.attempts.flatMap(({ signal }, index) =>
      signal.aborted || this.#answered.has(index) ? [] : [index],
    );
  }

  all(state: State, priority?: Priority): readonly Request[] {
    return this.requests.filter(
      (request) => request.state === state && (priority === undefined || request.priority === priority),
    );
  }

  /** Those at work on a session that still stands. */
  atWork(priority?: Priority): readonly Request[] {
    return this.all('busy', priority).filter(({ session }) => session?.client.isOpen);
  }

  async make(move: Move): Promise<void> {
    if (move.kind === 'ask') this.#ask(move.priority);
    else if (move.kind === 'advance') this.clock.advance(move.milliseconds);
    else if (move.kind === 'cancel') pick(this.all('waiting'), move.which)?.controller.abort();
    else if (move.kind === 'lose') pick(this.open, move.which)?.lose();
    else if (move.kind === 'giveBack') await this.#giveBack(pick(this.all('busy'), move.which));
    else {
      const attempt = pick(this.attempts, move.which);
      if (attempt !== undefined) {
        this.#answered.add(attempt);
        if (move.kind === 'refuse') this.host.attempt(attempt + 1).refuse(move.error);
        else this.host.attempt(attempt + 1).accept();
      }
    }
    await settle();
  }

  /** Everything works from now on and everybody gives back. @returns those who wait nevertheless */
  async finish(): Promise<readonly Request[]> {
    for (let turn = 0; turn < this.requests.length * 2 + 2; turn++) {
      for (const _ of this.attempts) await this.make({ kind: 'accept', which: 0 });
      for (const _ of this.all('busy')) await this.make({ kind: 'giveBack', which: 0 });
    }
    return this.all('waiting');
  }

  #ask(priority: Priority): void {
    const request: Request = { priority, controller: new AbortController(), state: 'waiting' };
    this.requests.push(request);
    void this.pool.borrow(priority, request.controller.signal).then(
      (session) => {
        request.session = session;
        request.state = 'busy';
      },
      () => {
        request.state = 'over';
      },
    );
  }

  async #giveBack(request: Request | undefined): Promise<void> {
    if (!request) return;
    request.state = 'over';
    await request.session?.[Symbol.asyncDispose]();
  }
}

const runs = { numRuns: Number(process.env['FTPS_PROPERTY_RUNS'] ?? 400) };

describe('any use of the session pool', { timeout: 60_000 }, () => {
  it('opens no more sessions than are allowed, and hands each to one at a time', async () => {
    await fc.assert(
      fc.asyncProperty(wanted, moves, async (limit, played) => {
        const play = new Play(limit);
        for (const move of played) {
          await play.make(move);
          expect(play.open.length + play.attempts.length).toBeLessThanOrEqual(limit);
          const used = play.atWork().map(({ session }) => session?.client);
          expect(new Set(used).size).toBe(used.length);
        }
      }),
      runs,
    );
  });

  it('serves what the user waits for first, and leaves it one session that background work does not take', async () => {
    await fc.assert(
      fc.asyncProperty(wanted, moves, async (limit, played) => {
        const play = new Play(limit);
        for (const move of played) {
          const before = { working: play.atWork('background').length, limit: play.pool.limit };
          const waited = play.all('waiting', 'interactive');
          await play.make(move);
          const working = play.atWork('background');
          if (working.length <= before.working) continue;
          expect(working.length).toBeLessThanOrEqual(Math.max(1, before.limit - 1, play.pool.limit - 1));
          expect(waited.filter(({ state }) => state === 'waiting')).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('forgets nobody who waits, and serves each kind in the order in which it came', async () => {
    await fc.assert(
      fc.asyncProperty(wanted, moves, async (limit, played) => {
        const play = new Play(limit);
        for (const move of played) {
          const queues = (['interactive', 'background'] as const).map((kind) => play.all('waiting', kind));
          await play.make(move);
          for (const queue of queues) {
            const left = queue.filter(({ state }) => state !== 'over').map(({ state }) => state);
            expect(left.lastIndexOf('busy')).toBeLessThanOrEqual(left.indexOf('waiting') >>> 0);
          }
          const isUnderWay = play.attempts.length > 0 || play.atWork().length > 0;
          expect(play.all('waiting').length === 0 || isUnderWay).toBe(true);
        }
        expect(await play.finish()).toEqual([]);
      }),
      runs,
    );
  });

  it('leaves nothing open and nobody waiting when it is closed', async () => {
    await fc.assert(
      fc.asyncProperty(wanted, moves, async (limit, played) => {
        const play = new Play(limit);
        for (const move of played) await play.make(move);
        const closing = play.pool.close();
        await settle();
        await closing;
        await settle();
        expect([play.open, play.all('waiting'), play.attempts, play.clock.pending()]).toEqual([
          [],
          [],
          [],
          [],
        ]);
      }),
      runs,
    );
  });
});
