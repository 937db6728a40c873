import { describe, expect, it } from 'vitest';
import { FtpsError } from '../../src/client/errors.ts';
import type { RemoteClient } from '../../src/remote/remoteClient.ts';
import { finishElsewhere, type Swap, swapInto } from '../../src/remote/swap.ts';
import { isTemporaryName } from '../../src/remote/temporaryName.ts';
import { no } from './support/oddServers.ts';

const lost = new FtpsError('closed', 'command', 'The control connection was lost.');

interface Client {
  readonly isOpen: boolean;
  stat: RemoteClient['stat'];
  rename: RemoteClient['rename'];
}

/** What happens to one of the renames: it is refused, or the connection is lost before it or after it. */
type Fate = 'done' | 'refused' | 'lostBefore' | 'lostAfter';

/** A server with an old page and a new one, and two sessions with it. */
class Server {
  readonly names = new Map([
    ['/new', 'new'],
    ['/page', 'old'],
  ]);
  readonly removed: string[] = [];
  readonly #fates: Fate[];
  /** By the other session, before it says anything: what the server was still about to do. */
  late: () => void = () => {};
  /** How long the other sessions waited between their looks. */
  readonly pauses: number[] = [];

  constructor(...fates: Fate[]) {
    this.#fates = fates;
  }

  session(): Client {
    let isOpen = true;
    return {
      get isOpen() {
        return isOpen;
      },
      stat: async (path) => (this.names.has(path) ? { name: path.slice(1), type: 'file' } : undefined),
      rename: async (from, to) => {
        const fate = this.#fates.shift() ?? 'done';
        if (fate.startsWith('lost')) isOpen = false;
        if (fate === 'lostBefore') throw lost;
        const content = this.names.get(from);
        if (fate === 'refused' || content === undefined) throw no(550);
        this.names.set(to, content);
        this.names.delete(from);
        if (fate === 'lostAfter') throw lost;
      },
    };
  }

  swap(): Swap<Client> {
    const sessions: Swap<Client>['sessions'] = {
      use: async (_deed, act) => {
        const other = this.session();
        const { stat } = other;
        // Between its look and its rename.
        other.stat = async (path) => {
          const found = await stat(path);
          this.late();
          this.late = () => {};
          return found;
        };
        return act(other);
      },
      pause: async (milliseconds) => void this.pauses.push(milliseconds),
    };
    const hasArrived = async (client: Client): Promise<boolean> => (await client.stat('/page')) !== undefined;
    return { from: '/new', to: '/page', operation: 'rename', client: this.session(), sessions, hasArrived };
  }

  readonly remove = async (_client: Client, aside: string): Promise<void> => {
    this.names.delete(aside);
    this.removed.push(aside);
  };

  /** The pages, with whatever was moved aside. */
  get pages(): Readonly<Record<string, string>> {
    const shown = [...this.names].map(([path, content]) => [
      isTemporaryName(path.slice(1)) ? 'aside' : path,
      content,
    ]);
    return Object.fromEntries(shown);
  }
}

describe('a file that gets the name of another', () => {
  it.each<[string, Fate[]]>([
    ['in one go', ['done', 'done']],
    ['on another session where the connection breaks before the server renames it', ['done', 'lostBefore']],
    ['and is found to have it where the connection breaks behind that', ['done', 'lostAfter']],
  ])('replaces it %s', async (_, fates) => {
    const server = new Server(...fates);
    await swapInto(server.swap(), server);
    expect(server.pages).toEqual({ '/page': 'new' });
    expect(server.removed).toHaveLength(1);
  });

  it('replaces it where the server renames it only after another session has looked', async () => {
    const server = new Server('done', 'lostBefore');
    server.late = () => {
      server.names.set('/page', 'new');
      server.names.delete('/new');
    };
    await swapInto(server.swap(), server);
    expect(server.pages).toEqual({ '/page': 'new' });
  });

  it('gets the old one back where the server moves it aside only after another session has looked', async () => {
    const server = new Server('lostBefore');
    const swap = server.swap();
    const { rename } = swap.client;
    swap.client.rename = async (from, to) => {
      server.late = () => {
        server.names.set(to, 'old');
        server.names.delete(from);
      };
      await rename(from, to);
    };
    await expect(swapInto(swap, server)).rejects.toBe(lost);
    expect(server.pages).toEqual({ '/new': 'new', '/page': 'old' });
    expect(server.pauses).toEqual([250]);
  });

  it.each<[string, Fate[]]>([
    ['the server does not let it be moved aside', ['refused']],
    ['the connection breaks before it is moved aside', ['lostBefore']],
    ['the connection breaks when it has been moved aside', ['lostAfter']],
    ['the server does not give its name away', ['done', 'refused']],
  ])('leaves it as it was where %s', async (_, fates) => {
    const server = new Server(...fates);
    await expect(swapInto(server.swap(), server)).rejects.toThrow(FtpsError);
    expect(server.pages).toEqual({ '/new': 'new', '/page': 'old' });
    expect(server.removed).toEqual([]);
  });

  it.each<[string, Fate[]]>([
    ['the server does not take it back', ['done', 'refused', 'refused']],
    ['the connection breaks for good when it has been moved aside', ['lostAfter', 'lostBefore']],
    ['the connection breaks for good before the name is given', ['done', 'lostBefore', 'lostBefore']],
  ])('says where the old one is when %s', async (_, fates) => {
    const server = new Server(...fates);
    const failure = await swapInto(server.swap(), server).catch((error: unknown) => error);
    const [aside = ''] = [...server.names.keys()].filter((path) => isTemporaryName(path.slice(1)));
    expect(server.names.get(aside)).toBe('old');
    expect(failure).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining(`What was in /page is in ${aside} now: rename it back.`),
    });
    expect(server.removed).toEqual([]);
  });

  it('keeps the old one where nobody knows what became of the new one', async () => {
    const server = new Server('done', 'lostBefore');
    const swap = server.swap();
    const { rename } = swap.client;
    swap.client.rename = async (from, to) => {
      if (from === '/new') server.names.delete('/new');
      await rename(from, to);
    };
    await expect(swapInto(swap, server)).rejects.toThrow('rename it back');
    expect(server.pages).toEqual({ aside: 'old' });
  });
});

describe('a rename whose session was lost', () => {
  it('is finished on another one, or found to be done', async () => {
    for (const isDone of [false, true]) {
      const server = new Server(isDone ? 'lostAfter' : 'lostBefore');
      const swap = server.swap();
      const cause = await swap.client.rename('/new', '/page').catch((error: unknown) => error);
      await finishElsewhere(swap, cause);
      expect(server.pages).toEqual({ '/page': 'new' });
    }
  });

  it('is the failure that is told where the server says otherwise', async () => {
    const server = new Server('lostBefore', 'refused');
    const swap = server.swap();
    await swap.client.rename('/new', '/page').catch(() => undefined);
    server.names.delete('/page');
    await expect(finishElsewhere(swap, lost)).rejects.toBe(lost);
  });
});
